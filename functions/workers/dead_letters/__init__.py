"""What no worker could handle."""

"""What a phone follows to have the same as we have."""

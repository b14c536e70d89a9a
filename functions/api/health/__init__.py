"""Says whether we can work."""

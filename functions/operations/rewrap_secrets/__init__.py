"""Wraps the data keys of users' secrets with the current master key."""

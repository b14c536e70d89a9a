"""Writes everything of a user into one ZIP."""

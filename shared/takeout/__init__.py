"""Owns taking out everything of a user's, and bringing it back; refuses to know what a table means beyond its rows."""

"""Owns the feed of changes, and what a phone is told of what it holds. Refuses to change captured things."""

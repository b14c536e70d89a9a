"""Owns the move of users to another embedding model, and what it may cost in a day."""

"""Owns the translation between AWS event shapes and our types. Refuses to decide anything."""

"""Owns the record of what administrators did. Refuses to let anybody change it."""

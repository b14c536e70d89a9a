"""Removes the objects of deleted sessions."""

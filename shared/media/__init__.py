"""Owns media files and the object store. Refuses to look inside a file."""

"""Brings the database to the newest schema."""

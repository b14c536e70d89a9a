"""Owns how often a user may ask for what. Refuses to decide by anybody's clock but the database's."""

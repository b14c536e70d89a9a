"""Owns the connection and the schema. Refuses to know any table: their SQL lives in the rooms."""

"""Owns what others told us: each event once, by its sender's id. Refuses to know what an event means."""

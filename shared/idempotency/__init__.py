"""Owns the keys that phones name their POSTs by, and the answers kept under them. Refuses two effects of one key."""

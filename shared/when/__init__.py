"""Owns the reading of time expressions: when something is said to be, in a person's own calendar. No SQL, no clock."""

"""Owns what a user is told by a push, once for each thing. Refuses to put anybody's notes into one."""

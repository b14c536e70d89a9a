"""Owns the environment: nothing else reads it. Refuses to know what a setting is for."""

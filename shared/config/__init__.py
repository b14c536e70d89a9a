"""Owns settings: the environment, and the secrets it names. Refuses to know what a setting is for."""

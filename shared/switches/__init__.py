"""Owns which providers an operator has switched off. Refuses to know what any of them is for."""

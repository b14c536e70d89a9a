"""Owns orders of credits and what became of their money. Refuses to grant what the provider does not confirm."""

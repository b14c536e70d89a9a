"""Owns what we ask of AI providers, by capability, and the adapters that ask it. Refuses to touch the database."""

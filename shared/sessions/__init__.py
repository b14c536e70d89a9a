"""Owns sessions and their blocks, and every move of a session between states. Refuses to call a provider."""

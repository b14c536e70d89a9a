"""Tells users through their phones."""

"""Owns what a person's account goes through as a whole: being recognised, adjusted, appointed, later deleted."""

"""Owns what a person's account goes through as a whole: being recognised, later export and deletion."""

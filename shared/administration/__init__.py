"""Owns what an administrator sees and does across users. Refuses to show anything that a user said, wrote or named."""

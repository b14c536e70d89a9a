"""Owns messages on their way to a queue: written with the change they announce, sent after it."""

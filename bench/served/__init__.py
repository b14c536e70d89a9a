"""Ours and the peer behind the same HTTP server, each in a process of its own, timed alike."""

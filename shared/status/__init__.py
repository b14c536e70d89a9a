"""Owns what an operator sees of a running stage: what waits where, for how long, and what needs a hand."""

"""Owns signing and sending requests to AWS-compatible services. Refuses to know which service means what."""

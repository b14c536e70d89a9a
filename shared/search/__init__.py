"""Owns chunks and vectors, and finding them again, always within one user and one model."""

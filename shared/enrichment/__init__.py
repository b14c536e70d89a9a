"""Owns what is made out of captured things: transcripts, descriptions, vectors, summaries."""

"""Owns the balance and its append-only ledger. Refuses to know what a credit buys."""

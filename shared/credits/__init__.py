"""Owns the balance, the debt and their append-only ledger. Refuses to know what a credit buys, or what it cost."""

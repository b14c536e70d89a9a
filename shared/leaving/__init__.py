"""Owns how an account is deleted: what is left of it, what is still to be removed where, and the certificate."""

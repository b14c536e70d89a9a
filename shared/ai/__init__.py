"""Owns what we ask of AI providers, by capability, the adapters that ask it, what was used and what it costs.

Refuses to know what a credit is: what a user pays and what we pay meet on the receipt only.
"""

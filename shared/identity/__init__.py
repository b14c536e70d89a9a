"""Owns users and their devices. Refuses to verify tokens: the gateway did."""

"""Compares our payments with Stripe's."""

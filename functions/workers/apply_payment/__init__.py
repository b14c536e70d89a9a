"""Brings orders to what Stripe says of them."""

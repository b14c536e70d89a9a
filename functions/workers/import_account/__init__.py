"""Brings back what a ZIP holds."""

"""Permissions to upload, and taking note of uploads."""

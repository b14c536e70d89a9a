"""Owns the schema's history. Forward and back in plain SQL; expand first, contract in a later release."""

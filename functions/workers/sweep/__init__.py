"""Brings back what a crash, a stop or a lost message left behind."""

"""Where buying credits begins."""

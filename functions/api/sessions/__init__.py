"""Sessions, their blocks, and finalizing them."""

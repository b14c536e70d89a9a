"""Makes users administrators, and administrators users, as an operator says."""

"""Stand-ins for the services outside: each speaks its vendor's API on a local port. Never deployed."""

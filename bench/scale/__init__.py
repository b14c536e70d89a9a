"""A day of very many users against the limits of queues, functions, providers and the database."""

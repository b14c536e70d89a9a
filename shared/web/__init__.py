"""Connections over HTTP, where an SDK or its client would cost a start too much. What is asked belongs to others."""

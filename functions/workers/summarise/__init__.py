"""Notes to a title and a summary."""

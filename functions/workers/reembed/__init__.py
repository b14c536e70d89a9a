"""Users to another embedding model."""

"""Goes on with deletions that did not end within their request."""

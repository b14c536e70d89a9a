"""Parts of recordings to text."""

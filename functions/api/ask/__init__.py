"""Questions to the notes."""

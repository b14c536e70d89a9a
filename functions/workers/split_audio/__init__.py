"""Long recordings to parts."""

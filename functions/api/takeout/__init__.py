"""Taking everything out, and bringing it back."""

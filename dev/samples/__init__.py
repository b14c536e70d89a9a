"""A spoken note and a picture with text, and how they were made."""

"""What an operator or a deploy runs."""

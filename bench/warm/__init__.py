"""What a warm call costs beyond its SQL, and beside the same call of the common stack."""

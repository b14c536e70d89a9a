"""What is for sale, and what was bought."""

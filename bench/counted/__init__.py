"""What a session of twelve minutes of speech is made of: calls, processor's time, bytes, counted as they happen."""

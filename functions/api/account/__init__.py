"""How an account ends: signing out everywhere, and the deletion of everything."""

"""Owns answers out of a user's notes: what is asked, what of an answer is proved, conversations, and a day's tokens.

Refuses to say anything that no note of the user's says.
"""

"""Owns secrets of users (keys of providers, tokens of other services), sealed so that each opens for its user only.

No route puts any there yet: it is for what users will connect. Refuses to know what a secret opens.
"""

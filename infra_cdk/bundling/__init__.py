"""Builds the bundles: one folder for each family of functions, with what they import and nothing else.

It refuses to know CDK, and of our code anything but the catalogue. docs/how-to/bundles.md tells how it is used.
"""

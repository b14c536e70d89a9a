"""Writes the document of the API out of the code: routes, their models and shapes, and the rules of the edge."""

"""The functions behind the HTTP API."""

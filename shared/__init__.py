"""The domain, in rooms. A room imports rooms on lower floors only (see docs/architecture.md)."""

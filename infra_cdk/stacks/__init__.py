"""The stacks of one stage. They know one another by name, hardly ever by export (docs/adr/0040)."""

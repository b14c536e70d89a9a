"""The bill: what a stage costs while it idles, and what sessions add; `make cost` prints it, docs/cost.md shows it."""

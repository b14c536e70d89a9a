"""How deep a search by sign bits must go, on vectors of real texts."""

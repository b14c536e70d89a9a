"""Functions that do nothing but import: what a cold start costs before a line of ours."""

"""The Lambda functions: one folder each. They import `shared` only, never one another.

What is imported at Init lives as long as the process, yet Python's collector looks through all of it again and again
while it grows: 5 to 8 % of an Init (docs/adr/0043). This package is imported before any handler, so here it is told to
look less often: after 50,000 new objects instead of 700, which is a few megabytes at most.
"""

import gc

gc.set_threshold(50_000, 20, 20)

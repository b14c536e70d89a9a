"""The Lambda functions: one folder each. They import `shared` only, never one another.

This package is imported before any handler, so what holds for each process is done here.

What is imported at Init lives as long as the process, yet Python's collector looks through all of it again and again
while it grows: 5 to 8 % of an Init (docs/adr/0043). So it is told to look less often: after 50,000 new objects instead
of 700, which is a few megabytes at most.

Where Lambda is going to copy the process, the copies must not draw the same ids.
"""

import gc

from shared.config.initialization import is_for_snapshot

gc.set_threshold(50_000, 20, 20)

if is_for_snapshot():
    from shared.snapshot import prepare_for_snapshot

    prepare_for_snapshot()

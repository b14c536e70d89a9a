"""What a soak says while it lasts."""

import sys


def say(text: str) -> None:
    """At once, so that one sees it move."""
    sys.stdout.write(text)
    sys.stdout.flush()

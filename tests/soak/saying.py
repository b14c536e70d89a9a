"""What a soak says while it lasts."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from shared.telemetry import log


def say(text: str) -> None:
    """At once, so that one sees it move."""
    assert sys.__stdout__ is not None
    sys.__stdout__.write(text)
    sys.__stdout__.flush()


@contextmanager
def nothing_else_said() -> Generator[None]:
    """Handlers log and measure to standard output: not while the block lasts."""
    level = log.log_level
    log.setLevel("CRITICAL")
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield
    log.setLevel(level)

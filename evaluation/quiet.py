"""Keeps what functions log and measure out of a table."""

import io
import logging
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout

from shared.telemetry import log


@contextmanager
def quiet() -> Generator[None]:
    """Metrics go to standard output and logs by the thousand: neither is shown inside. Errors are."""
    before = log.log_level
    log.setLevel(logging.ERROR)
    with redirect_stdout(io.StringIO()):
        yield
    log.setLevel(before)

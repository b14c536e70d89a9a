"""Structured logs: one JSON object a line, with the correlation id of the request that started it all.

What may be logged: ids, states, counts, sizes, durations, error kinds. Never text of notes, e-mail addresses,
tokens, keys or signed URLs.
"""

from collections.abc import Generator
from contextlib import contextmanager

from aws_lambda_powertools.logging import Logger

log = Logger()
"""The one logger: its service name and level come from POWERTOOLS_*, which Powertools reads by itself."""


def correlate(correlation_id: str) -> None:
    """Put this id on every line until the next call."""
    log.set_correlation_id(correlation_id)


def correlation_id() -> str:
    """The id now on every line; empty when none was set."""
    return log.get_correlation_id() or ""


@contextmanager
def correlated(other_id: str | None) -> Generator[None]:
    """Put another id on every line inside, and on every message written inside; None changes nothing."""
    before = correlation_id()
    correlate(other_id or before)
    try:
        yield
    finally:
        correlate(before)

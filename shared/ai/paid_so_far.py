"""What a call of several requests has cost so far: known even when the call is given up in the middle."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from shared.ai.capabilities import Usage
from shared.errors import VendorDown


@dataclass
class Paid:
    """What the requests that were answered cost together, None before the first; and whether anybody still waits."""

    usage: Usage | None = None
    is_given_up: bool = False


_paid: ContextVar[Paid | None] = ContextVar("paid", default=None)


def tell_paid(usage: Usage) -> None:
    """To whoever waits for the call: this is what it cost so far, in all.

    Raises VendorDown when nobody does any more: what further requests bring would be paid for and dropped.
    """
    paid = _paid.get()
    if paid is None:
        return
    if paid.is_given_up:
        raise VendorDown("The call was given up.", failure="timeout")
    paid.usage = usage


@contextmanager
def paid_so_far() -> Generator[Paid]:
    """What is told inside, and by threads that were given a copy of the context made inside, whenever they tell it."""
    paid = Paid()
    token = _paid.set(paid)
    try:
        yield paid
    finally:
        _paid.reset(token)

"""What is done once the transaction around it is committed, and not at all when that is not known.

Who keeps something in a transaction of somebody else's learns by this whether it stayed.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

Deed = Callable[[], object]

_waiting: ContextVar[list[Deed] | None] = ContextVar("waiting", default=None)


def when_committed(do: Deed) -> None:
    """Do this after the COMMIT of the transaction that is open. Raises RuntimeError when none is."""
    deeds = _waiting.get()
    if deeds is None:
        raise RuntimeError("no transaction is open: there is no COMMIT to wait for")
    deeds.append(do)


@contextmanager
def done_when_committed() -> Generator[None]:
    """Around a transaction, its COMMIT included: when it fails, nothing of what waited for it is done."""
    deeds: list[Deed] = []
    token = _waiting.set(deeds)
    try:
        yield
    finally:
        _waiting.reset(token)
    for do in deeds:
        do()

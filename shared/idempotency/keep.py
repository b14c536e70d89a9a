"""What a use case calls beside its change, so that a repeat of the request is answered the same."""

from collections.abc import Callable
from typing import TypeVar

from shared.db.connection import Transaction

ResultT = TypeVar("ResultT")

Keep = Callable[[Transaction, ResultT], None]
"""Given the transaction of the change, and what the use case is about to return."""


def keep_nothing(_tx: Transaction, _result: object) -> None:
    """For requests without a key."""

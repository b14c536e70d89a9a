"""Whoever holds the master key: makes, opens and rewraps data keys, each bound to a context."""

from collections.abc import Mapping
from typing import Protocol

from shared.vault.model import DataKey, WrappedKey

Context = Mapping[str, str]
"""What a data key is bound to: it opens with exactly the context it was made with."""


class KeyKeeper(Protocol):
    """KMS in AWS; a key of one's own elsewhere.

    All raise VendorDown when the keeper cannot be asked or lacks the key, and SecretUnreadable when a wrapped key is
    not what it was, or is of another context.
    """

    @property
    def key_id(self) -> str:
        """The master key that new data keys are wrapped with."""
        ...

    def new_key(self, context: Context) -> DataKey:
        """A fresh data key."""
        ...

    def unwrap(self, wrapped: WrappedKey, context: Context) -> bytes:
        """The data key in the clear."""
        ...

    def rewrap(self, wrapped: WrappedKey, context: Context) -> WrappedKey:
        """The same data key, wrapped with the current master key."""
        ...

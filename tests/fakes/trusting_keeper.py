"""A keeper of the master key that gives anybody's data key to anybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.vault.model import DataKey, WrappedKey

_PLAIN = bytes(range(32))


@dataclass(frozen=True, kw_only=True)
class TrustingKeeper:
    """One data key for all, whatever it is asked for."""

    key_id: str = "trusting"

    def new_key(self, context: Mapping[str, str]) -> DataKey:  # noqa: ARG002 - the Protocol's
        return DataKey(plain=_PLAIN, wrapped=WrappedKey(key_id=self.key_id, content=b"wrapped"))

    def unwrap(self, wrapped: WrappedKey, context: Mapping[str, str]) -> bytes:  # noqa: ARG002 - the Protocol's
        return _PLAIN

    def rewrap(self, wrapped: WrappedKey, context: Mapping[str, str]) -> WrappedKey:  # noqa: ARG002 - the Protocol's
        return wrapped

"""What a sealed secret is, where it lies, and the bytes it is kept as."""

import re
from dataclasses import field

from shared.errors import Conflict, Invalid
from shared.ids import UserId
from shared.values import frozen

MAX_SECRET_BYTES = 16 * 1024
"""Of a secret's text in UTF-8: a service account's key or a token with many claims fits several times."""

NONCE_BYTES = 12
_VERSION = b"\x01"
_LENGTH_BYTES = 2
_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,63}")


class SecretUnreadable(Conflict):
    """What is kept does not open: it was changed, or sealed for another user or name. Putting it anew helps."""

    code = "secret_unreadable"


@frozen
class SecretPlace:
    """Whose secret, and which: `name` is at most 64 of a-z, 0-9, `_`, `.` and `-`. Raises Invalid for another."""

    user_id: UserId
    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise Invalid("Name a secret with at most 64 of a-z, 0-9, _ . and -, beginning with a letter.")

    @property
    def context(self) -> dict[str, str]:
        """What a sealed secret is bound to. KMS writes it into its record of who opened what, so it is no secret."""
        return {"purpose": "user-secret", "user_id": str(self.user_id), "name": self.name}

    @property
    def associated_data(self) -> bytes:
        """The same as bytes: no two places have the same, for the first two parts have fixed lengths."""
        return b"user-secret" + _VERSION + self.user_id.bytes + self.name.encode()


@frozen
class WrappedKey:
    """A data key as a master key has encrypted it. `key_id` names that master key, never the key itself."""

    key_id: str
    content: bytes


@frozen
class DataKey:
    """A key for one secret, in the clear (32 bytes) for as long as it is used, and wrapped."""

    plain: bytes = field(repr=False)
    wrapped: WrappedKey


@frozen
class SealedSecret:
    """A secret as it is kept: its wrapped data key, and its text encrypted with that."""

    wrapped: WrappedKey
    nonce: bytes
    ciphertext: bytes

    def as_bytes(self) -> bytes:
        """Version, length of the wrapped key, wrapped key, nonce, ciphertext with its tag. The key's id lies beside."""
        length = len(self.wrapped.content).to_bytes(_LENGTH_BYTES)
        return _VERSION + length + self.wrapped.content + self.nonce + self.ciphertext

    @classmethod
    def of(cls, content: bytes, *, key_id: str) -> "SealedSecret":
        """The same read back. Raises SecretUnreadable."""
        start = len(_VERSION) + _LENGTH_BYTES
        middle = start + int.from_bytes(content[len(_VERSION) : start])
        end = middle + NONCE_BYTES
        if content[: len(_VERSION)] != _VERSION or len(content) <= end:
            raise unreadable()
        wrapped = WrappedKey(key_id=key_id, content=content[start:middle])
        return cls(wrapped=wrapped, nonce=content[middle:end], ciphertext=content[end:])


@frozen
class OpenedSecret:
    """A secret in the clear. Its text never shows in a repr."""

    text: str = field(repr=False)


def unreadable() -> SecretUnreadable:
    """Says what to do, and nothing of what is kept."""
    return SecretUnreadable("What is kept under this name can no longer be opened. Save it again.")

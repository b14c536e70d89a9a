"""A master key that comes with the settings: for one machine, and for stages without KMS."""

import hashlib
import json
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.config.environment import SettingsError
from shared.errors import VendorDown
from shared.vault.key_keeper import Context
from shared.vault.model import NONCE_BYTES, DataKey, WrappedKey, unreadable

KEY_BYTES = 32


class OwnKeyKeeper:
    """Wraps with the first of `keys` (32 bytes each); opens what any of them has wrapped."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {_id_of(key): AESGCM(key) for key in keys}
        self._key_id = _id_of(keys[0])

    @classmethod
    def of(cls, text: str) -> "OwnKeyKeeper":
        """Keys as hexadecimal digits, separated by commas, the current one first. Raises SettingsError."""
        try:
            keys = [bytes.fromhex(part.strip()) for part in text.split(",")]
        except ValueError:
            keys = []
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise SettingsError(f"VAULT_KEYS must be keys of {KEY_BYTES * 2} hexadecimal digits, separated by commas.")
        return cls(keys)

    @property
    def key_id(self) -> str:
        """The beginning of the key's hash."""
        return self._key_id

    def new_key(self, context: Context) -> DataKey:
        """A data key of our own making, encrypted with the master key for this context."""
        plain = os.urandom(KEY_BYTES)
        return DataKey(plain=plain, wrapped=self._wrap(plain, context))

    def unwrap(self, wrapped: WrappedKey, context: Context) -> bytes:
        """The data key. Raises VendorDown when its master key is not among ours, and SecretUnreadable."""
        master = self._keys.get(wrapped.key_id)
        if master is None:
            raise VendorDown("The master key of this secret is missing: add it to VAULT_KEYS.", failure="our_key")
        nonce, content = wrapped.content[:NONCE_BYTES], wrapped.content[NONCE_BYTES:]
        try:
            return master.decrypt(nonce, content, _bytes_of(context))
        except (InvalidTag, ValueError) as error:
            raise unreadable() from error

    def rewrap(self, wrapped: WrappedKey, context: Context) -> WrappedKey:
        """Open it with its own master key, and wrap it with the current one."""
        return self._wrap(self.unwrap(wrapped, context), context)

    def _wrap(self, plain: bytes, context: Context) -> WrappedKey:
        nonce = os.urandom(NONCE_BYTES)
        content = nonce + self._keys[self._key_id].encrypt(nonce, plain, _bytes_of(context))
        return WrappedKey(key_id=self._key_id, content=content)


def _id_of(key: bytes) -> str:
    return f"own:{hashlib.sha256(b'second-brain master key' + key).hexdigest()[:16]}"


def _bytes_of(context: Context) -> bytes:
    return json.dumps(dict(context), sort_keys=True).encode()

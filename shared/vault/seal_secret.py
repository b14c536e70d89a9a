"""A text becomes a sealed secret."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import TooLarge
from shared.vault.key_keeper import KeyKeeper
from shared.vault.model import MAX_SECRET_BYTES, NONCE_BYTES, SealedSecret, SecretPlace


def seal_secret(keeper: KeyKeeper, place: SecretPlace, text: str) -> SealedSecret:
    """Encrypt the text for its place, with a fresh data key. Asks the keeper once.

    Raises:
        TooLarge: more than MAX_SECRET_BYTES.
        VendorDown: the keeper cannot be asked.
    """
    content = text.encode()
    if len(content) > MAX_SECRET_BYTES:
        raise TooLarge(f"A secret has at most {MAX_SECRET_BYTES} bytes.")
    key = keeper.new_key(place.context)
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = AESGCM(key.plain).encrypt(nonce, content, place.associated_data)
    return SealedSecret(wrapped=key.wrapped, nonce=nonce, ciphertext=ciphertext)

"""A sealed secret becomes a text."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.vault.key_keeper import KeyKeeper
from shared.vault.model import OpenedSecret, SealedSecret, SecretPlace, unreadable


def open_secret(keeper: KeyKeeper, place: SecretPlace, sealed: SealedSecret) -> OpenedSecret:
    """Decrypt what was sealed for this very place. Asks the keeper once.

    The place is checked twice: by the keeper, of the data key, and here, of the text. Neither trusts the other.

    Raises:
        SecretUnreadable: a byte of it was changed, or it was sealed for another user or name.
        VendorDown: the keeper cannot be asked, or lacks the master key.
    """
    key = keeper.unwrap(sealed.wrapped, place.context)
    try:
        text = AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, place.associated_data)
        return OpenedSecret(text=text.decode())
    except (InvalidTag, ValueError) as error:
        raise unreadable() from error

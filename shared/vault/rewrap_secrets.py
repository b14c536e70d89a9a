"""The master key was changed: what older ones have wrapped is wrapped anew."""

from shared.db.connection import Database
from shared.errors import VendorDown
from shared.telemetry import log
from shared.values import frozen
from shared.vault import repository
from shared.vault.key_keeper import KeyKeeper
from shared.vault.model import SealedSecret, SecretPlace, SecretUnreadable

PAGE = 100


@frozen
class Rewrapped:
    """How many were rewrapped, how many do not open, and whether all were looked at: what opens needs no older key.

    What does not open was changed, or its master key is missing, or refuses us: the log says which.
    """

    rewrapped: int
    unreadable: int
    is_complete: bool


def rewrap_secrets(db: Database, keeper: KeyKeeper, *, at_most: int) -> Rewrapped:
    """Rewrap the data keys of secrets whose master key is not the current one, about `at_most` of them.

    Texts are neither opened nor written. A secret that is put or forgotten meanwhile stays as its user left it. One
    that does not open is left and counted, and keeps none behind it back. Doing so again goes on where it ended. Raises
    VendorDown, also where the current master key refuses us.
    """
    rewrapped = unreadable = 0
    after: SecretPlace | None = None
    while rewrapped < at_most:
        with db.transaction(None) as tx:
            page = repository.wrapped_otherwise(tx, keeper.key_id, after=after, limit=PAGE)
        if not page:
            return Rewrapped(rewrapped=rewrapped, unreadable=unreadable, is_complete=True)
        for place, content, key_id in page:
            is_done = _rewrap(db, keeper, place, content, key_id)
            rewrapped, unreadable = rewrapped + is_done, unreadable + (not is_done)
            after = place
    return Rewrapped(rewrapped=rewrapped, unreadable=unreadable, is_complete=False)


def _rewrap(db: Database, keeper: KeyKeeper, place: SecretPlace, content: bytes, key_id: str) -> bool:
    try:
        sealed = SealedSecret.of(content, key_id=key_id)
        wrapped = keeper.rewrap(sealed.wrapped, place.context)
    except SecretUnreadable:
        log.error("secret does not open", extra={"user_id": str(place.user_id), "secret": place.name})
        return False
    except VendorDown as error:
        if error.failure != "our_key":
            raise
        keeper.new_key(place.context)  # raises, unless it is this secret's own master key that we do not have
        log.error("secret's master key is missing", extra={"user_id": str(place.user_id), "key_id": key_id})
        return False
    anew = SealedSecret(wrapped=wrapped, nonce=sealed.nonce, ciphertext=sealed.ciphertext)
    with db.transaction(place.user_id) as tx:
        repository.replace(tx, place, content, anew)
    return True

"""A user's secret is used."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.vault import repository
from shared.vault.key_keeper import KeyKeeper
from shared.vault.model import OpenedSecret, SecretPlace
from shared.vault.open_secret import open_secret


def read_secret(db: Database, keeper: KeyKeeper, place: SecretPlace) -> OpenedSecret:
    """The secret in the clear, for as long as it is needed. Raises NotFound, SecretUnreadable and VendorDown."""
    with db.transaction(place.user_id) as tx:
        sealed = repository.find(tx, place)
    if sealed is None:
        raise NotFound
    return open_secret(keeper, place, sealed)

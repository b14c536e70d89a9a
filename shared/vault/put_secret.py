"""A user's secret is kept."""

from shared.db.connection import Database
from shared.vault import repository
from shared.vault.key_keeper import KeyKeeper
from shared.vault.model import SecretPlace
from shared.vault.seal_secret import seal_secret


def put_secret(db: Database, keeper: KeyKeeper, place: SecretPlace, text: str) -> None:
    """Seal it and keep it in place of what was there. Raises TooLarge and VendorDown."""
    sealed = seal_secret(keeper, place, text)
    with db.transaction(place.user_id) as tx:
        repository.put(tx, place, sealed)

"""A user's secret is forgotten."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.vault import repository
from shared.vault.model import SecretPlace


def forget_secret(db: Database, place: SecretPlace) -> None:
    """Delete it: without its data key, copies of the database that are older open for the keeper only. NotFound."""
    with db.transaction(place.user_id) as tx:
        if not repository.delete(tx, place):
            raise NotFound

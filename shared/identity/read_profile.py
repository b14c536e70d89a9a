"""The user's own profile."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.identity import repository
from shared.identity.model import Profile
from shared.ids import UserId


def read_profile(db: Database, user_id: UserId) -> Profile:
    """Raises NotFound when the account was deleted a moment ago."""
    with db.transaction(user_id) as tx:
        profile = repository.find_profile(tx, user_id)
    if profile is None:
        raise NotFound
    return profile

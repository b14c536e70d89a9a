"""The user changes the language they read, the zone they live by, or what they want to be told."""

from shared.db.connection import Database
from shared.identity import repository
from shared.identity.model import Profile, ProfileChange
from shared.identity.read_profile import read_profile
from shared.ids import UserId


def edit_profile(db: Database, user_id: UserId, change: ProfileChange) -> Profile:
    """Write what is given; answers the profile as it then is. Raises NotFound."""
    with db.transaction(user_id) as tx:
        repository.edit_profile(tx, user_id, change)
    return read_profile(db, user_id)

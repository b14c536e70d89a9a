"""The user chooses the language they want to read."""

from shared.db.connection import Database
from shared.identity import repository
from shared.identity.model import Profile
from shared.identity.read_profile import read_profile
from shared.ids import UserId


def choose_language(db: Database, user_id: UserId, language: str) -> Profile:
    """Remember it for new sessions; answers the profile as it then is."""
    with db.transaction(user_id) as tx:
        repository.set_preferred_language(tx, user_id, language)
    return read_profile(db, user_id)

"""Language, time zone and pushes become what they were chosen to be elsewhere, in a transaction of somebody else's."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.identity import repository
from shared.identity.model import Profile, ProfileChange
from shared.ids import UserId


def set_choices(tx: Transaction, user_id: UserId, wanted: ProfileChange) -> None:
    """Write them, unless they are these already. Raises NotFound when the account was deleted."""
    profile = repository.find_profile(tx, user_id)
    if profile is None:
        raise NotFound
    if _choices(profile) != wanted:
        repository.edit_profile(tx, user_id, wanted)


def _choices(profile: Profile) -> ProfileChange:
    return ProfileChange(
        preferred_language=profile.preferred_language,
        time_zone=profile.time_zone,
        push_processed=profile.notifications.processed,
        push_failed=profile.notifications.failed,
        push_credits_low=profile.notifications.credits_low,
    )

"""Appointing administrators, and dismissing them, as values."""

from shared.audit.model import Action, Deed
from shared.ids import UserId
from shared.values import frozen


@frozen
class Appointment:
    """Who is to be, or to be no more, an administrator: by whom (an operator's name), and why."""

    firebase_uid: str
    appointed_by: str
    reason: str

    def deed(self, action: Action, user_id: UserId) -> Deed:
        """What goes on record."""
        return Deed(
            actor_name=self.appointed_by,
            action=action,
            subject=f"administrator {user_id}",
            subject_user_id=user_id,
            reason=self.reason,
        )

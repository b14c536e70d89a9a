"""What an operator writes."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.account.appointments import Appointment


class AppointOrder(BaseModel):
    """Who is to be an administrator, or to be none any more (`dismiss`); or who is one (`list`)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    what: Literal["appoint", "dismiss", "list"]
    uid: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = None
    by: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)] | None = None

    def appointment(self) -> Appointment:
        """Of whom, by whom and why. Raises ValueError when one of the three is missing."""
        if self.uid is None or self.by is None or self.reason is None:
            raise ValueError("Say whose uid, by whom, and why: uid, by and reason (3 to 500 characters).")
        return Appointment(firebase_uid=self.uid, appointed_by=self.by, reason=self.reason)

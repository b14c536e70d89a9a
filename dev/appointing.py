"""The local way to be an administrator: to ask the issuer for a token that says so."""

from collections.abc import Callable
from contextlib import suppress

from shared.account.admit_caller import Arrival, admit_caller
from shared.account.appoint_administrator import appoint_administrator
from shared.account.appointments import Appointment
from shared.db.connection import Database
from shared.errors import SecondBrainError


def appointing(owner: Database) -> Callable[[str, str | None], None]:
    """Appoints whoever has that uid, whom it creates if need be. Elsewhere an operator does it, by name."""

    def appoint(uid: str, email: str | None) -> None:
        # Somebody disabled or deleted is no administrator, whatever their token says: they shall see just that.
        with suppress(SecondBrainError):
            admit_caller(owner, Arrival(firebase_uid=uid, email=email))
            wanted = Appointment(firebase_uid=uid, appointed_by="the local issuer", reason="asked for such a token")
            appoint_administrator(owner, wanted)

    return appoint

"""The wire shapes of signing out, and of a deletion."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.edge.endpoint import Body
from shared.edge.shape import shape
from shared.leaving.model import Certificate
from shared.values import frozen

Outside = Literal["deleted", "none", "pending"]


class LogOut(Body):
    """POST /api/auth/logout. `device_id`: the phone that is to be told nothing more."""

    device_id: UUID | None = None


@frozen
class CertificateOut:
    """DELETE /api/me: what was deleted, by store. `rows`: by table. `pending` names what is still to be let go of."""

    id: UUID
    user_id: UUID
    requested_at: datetime
    finished_at: datetime | None
    rows: Mapping[str, int]
    vectors: int
    objects: int
    devices: int
    stripe_customer: Outside
    firebase_user: Outside
    pending: list[str]

    @classmethod
    def of(cls, certificate: Certificate) -> "CertificateOut":
        """The wire shape of a certificate."""
        return shape(cls, certificate)

"""A deletion as values: what is done, what is pending, and what it is certified by."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.ids import UserId
from shared.values import frozen

DELETE_QUEUE = "delete-account"

FIRST_PAUSE = timedelta(seconds=30)
LAST_PAUSE = timedelta(hours=1)
"""A deletion that is not done is handed over again after FIRST_PAUSE, and twice as long each time, for ever."""

LAST_LOOK_AFTER = timedelta(hours=1)
"""A permission to upload is good for ten minutes; what was begun with it just in time may take longer.

By then, too, Stripe's search finds every customer: it is a minute behind, and an hour at the most."""

DELETED, NONE, PENDING = "deleted", "none", "pending"
"""What a certificate says of a store outside: removed, never there, still to be removed."""


@frozen
class Certificate:
    """What was deleted of an account, by store. `rows`: of each table that can hold something of a user.

    `pending` names the stores that still hold something: rows, objects, stripe_customer, firebase_user.
    """

    id: UUID
    user_id: UserId
    requested_at: datetime
    finished_at: datetime | None
    rows: Mapping[str, int]
    vectors: int
    objects: int
    devices: int
    stripe_customer: str
    firebase_user: str
    pending: Sequence[str]


@frozen
class Deletion:
    """An account that is leaving. A moment (`..._at`) says that a store is done with; None: not yet.

    `erased`: rows that were deleted, by table. `objects`: how many were there. `counts` is what a finished one is
    certified by; its other fields may be forgotten by then. `is_over`: nobody can upload any more.

    `is_customer_sought`: the payment provider was once asked for a customer, so it may know of more than we do; and
    `is_customer_hidden`: that was so lately that its search may not show them.
    """

    id: UUID
    account_id: UserId
    requested_at: datetime
    finished_at: datetime | None
    counts: Mapping[str, Any] | None
    firebase_uid: str | None
    customer_ids: Sequence[str]
    checkout_ids: Sequence[str]
    had_customer: bool
    is_customer_sought: bool
    is_customer_hidden: bool
    erased: Mapping[str, int] | None
    objects: int
    objects_at: datetime | None
    customer_at: datetime | None
    firebase_at: datetime | None
    is_over: bool

    @property
    def pending(self) -> list[str]:
        """The stores that may still hold something."""
        stores = {
            "rows": self.erased,
            "objects": self.objects_at,
            "stripe_customer": self.customer_at,
            "firebase_user": self.firebase_at,
        }
        return [] if self.counts is not None else [name for name, done in stores.items() if done is None]


def counts_of(deletion: Deletion) -> dict[str, Any]:
    """What a certificate says of each store, as far as it is done."""
    rows = dict(sorted((deletion.erased or {}).items()))
    customer = DELETED if deletion.had_customer else NONE
    return {
        "rows": rows,
        "vectors": rows.get("chunk_vectors", 0),
        "objects": deletion.objects,
        "devices": rows.get("devices", 0),
        "stripe_customer": customer if deletion.customer_at is not None else PENDING,
        "firebase_user": DELETED if deletion.firebase_at is not None else PENDING,
    }


def certify(deletion: Deletion) -> Certificate:
    """The certificate as it stands; a finished one never changes."""
    return Certificate(
        id=deletion.id,
        user_id=deletion.account_id,
        requested_at=deletion.requested_at,
        finished_at=deletion.finished_at,
        pending=deletion.pending,
        **(deletion.counts or counts_of(deletion)),
    )


def prefix_of(object_key: str) -> str:
    """What the bucket is asked to list for a key: `sessions/<id>/` of `sessions/<id>/audio/<id>.m4a`."""
    parts = object_key.split("/")
    return "/".join(parts[:2]) + "/" if len(parts) > 2 else object_key  # noqa: PLR2004 - two folders and a name

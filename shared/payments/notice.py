"""A webhook of Stripe, as far as we read it: which event, and what it is about.

https://docs.stripe.com/api/events/object. Only ids are taken from it; everything else is read again from Stripe.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StrictBool, StringConstraints, ValidationError

from shared.errors import Malformed

PINNED_API_VERSION = "2026-10-28.endive"
"""The version our SDK speaks and our webhook endpoint is made for; the three change together (docs/adr/0017)."""

APPLIED_TYPES = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "charge.refunded",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
    }
)
"""What we act on; our webhook endpoint should be told to send these."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]+$")]
"""Without NUL, which Postgres cannot keep."""


_PAYMENT_ID = re.compile(r"[!-~]{1,255}")


class _Object(BaseModel):
    """What the event happened to: a checkout session, or something of its payment."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    object: Id | None = None
    id: Id | None = None
    client_reference_id: Id | None = None
    payment_intent: Any = None  # an id, or of a type we do not act on, anything


class _Data(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    object: _Object


class Notice(BaseModel):
    """One event, in the shape of PINNED_API_VERSION."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    id: Id
    object: Literal["event"]
    type: Id
    api_version: str | None = None
    livemode: StrictBool
    created: datetime
    data: _Data

    def about(self) -> dict[str, Any]:
        """Where to look: ids, as the inbox keeps them."""
        thing = self.data.object
        is_checkout = thing.object == "checkout.session"
        found = {
            "checkout_session": thing.id if is_checkout else None,
            "order_id": _order_number(thing.client_reference_id) if is_checkout else None,
            "payment_intent": _payment_id(thing.payment_intent),
            "object": thing.id,
        }
        return {name: value for name, value in found.items() if value is not None}


def _payment_id(value: Any) -> str | None:  # noqa: ANN401 - any JSON
    """An id of Stripe's, if it is one."""
    return value if isinstance(value, str) and _PAYMENT_ID.fullmatch(value) else None


def _order_number(text: str | None) -> str | None:
    """Ours is a UUID. What another product of the same account writes there, an e-mail address say, is not kept."""
    try:
        return None if text is None else str(UUID(text))
    except ValueError:
        return None


def read_notice(payload: bytes) -> Notice:
    """Parse bytes whose signature was checked. Raises Malformed."""
    try:
        return Notice.model_validate_json(payload)
    except ValidationError as error:
        raise Malformed("This is no event of the API version we speak.", code="webhook_invalid") from error

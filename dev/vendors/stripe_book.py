"""The local Stripe's memory: a table for each kind of record, what is found by what, and the events told of them."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic_core import to_json
from stripe import api_version as _stripe_api_version

from dev.vendors.stripe_errors import missing
from dev.vendors.stripe_model import (
    Charge,
    CheckoutSession,
    Customer,
    Delivery,
    Dispute,
    Event,
    PaymentIntent,
    Refund,
    SavedAnswer,
)

API_VERSION: Final = _stripe_api_version
"""The version the SDK is pinned to: requests must name it, events are written in it."""

_NEVER = 1 << 62

RecordT = TypeVar("RecordT")
NewId = Callable[[str], str]


def random_id(prefix: str) -> str:
    """An id as Stripe's look: `cs_test_` and twenty-four letters."""
    return f"{prefix}_{secrets.token_hex(12)}"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """The API request that makes things happen; without one they happen by themselves."""

    request_id: str | None = None
    idempotency_key: str | None = None


NO_REQUEST: Final = Cause()


@dataclass(kw_only=True)
class Tables:
    """All that outlives a restart. Dictionaries keep their order: the newest is last."""

    signing_secret: str = field(default_factory=lambda: f"whsec_{secrets.token_hex(16)}")
    customers: dict[str, Customer] = field(default_factory=dict[str, Customer])
    sessions: dict[str, CheckoutSession] = field(default_factory=dict[str, CheckoutSession])
    intents: dict[str, PaymentIntent] = field(default_factory=dict[str, PaymentIntent])
    charges: dict[str, Charge] = field(default_factory=dict[str, Charge])
    refunds: dict[str, Refund] = field(default_factory=dict[str, Refund])
    disputes: dict[str, Dispute] = field(default_factory=dict[str, Dispute])
    events: dict[str, Event] = field(default_factory=dict[str, Event])
    deliveries: dict[str, Delivery] = field(default_factory=dict[str, Delivery])
    answers: dict[str, SavedAnswer] = field(default_factory=dict[str, SavedAnswer])


class Book:
    """The tables with a clock and ids. Not safe for threads by itself: `LocalStripe` holds the lock."""

    def __init__(
        self,
        tables: Tables | None = None,
        *,
        clock: Callable[[], float] = time.time,
        new_id: NewId = random_id,
        on_event: Callable[[Event], None] = lambda _event: None,
    ) -> None:
        self.tables = tables or Tables()
        self.address = "http://127.0.0.1:0"
        """Where the pages are; known once a server listens."""
        self.cause = NO_REQUEST
        self.new_id = new_id
        self.on_event = on_event
        self._clock = clock
        self._session_of_intent = {
            session.payment_intent: session.id for session in self.tables.sessions.values() if session.payment_intent
        }
        self._open = {session.id: session.expires_at for session in self.tables.sessions.values() if _is_open(session)}
        self._first_expiry = min(self._open.values(), default=_NEVER)
        self._refunds_of_charge: dict[str, list[str]] = {}
        for refund in self.tables.refunds.values():
            self._refunds_of_charge.setdefault(refund.charge, []).append(refund.id)

    def now(self) -> int:
        """Seconds since 1970, as Stripe counts."""
        return int(self._clock())

    def put_session(self, session: CheckoutSession) -> CheckoutSession:
        """Write a session as it is now."""
        self.tables.sessions[session.id] = session
        if session.payment_intent:
            self._session_of_intent[session.payment_intent] = session.id
        if _is_open(session):
            self._open[session.id] = session.expires_at
            self._first_expiry = min(self._first_expiry, session.expires_at)
        else:
            self._open.pop(session.id, None)
        return session

    def overdue_sessions(self) -> list[str]:
        """The open sessions whose time is over; costs nothing while there are none."""
        now = self.now()
        if now < self._first_expiry:
            return []
        overdue = [name for name, expires_at in self._open.items() if expires_at <= now]
        self._first_expiry = min((moment for moment in self._open.values() if moment > now), default=_NEVER)
        return overdue

    def put_refund(self, refund: Refund) -> Refund:
        """Write a refund as it is now."""
        if refund.id not in self.tables.refunds:
            self._refunds_of_charge.setdefault(refund.charge, []).append(refund.id)
        self.tables.refunds[refund.id] = refund
        return refund

    def session_of(self, intent_id: str) -> CheckoutSession | None:
        """The session an intent pays for."""
        session_id = self._session_of_intent.get(intent_id)
        return None if session_id is None else self.tables.sessions[session_id]

    def refunds_of(self, charge_id: str) -> list[Refund]:
        """A charge's refunds, the newest first."""
        return [self.tables.refunds[name] for name in reversed(self._refunds_of_charge.get(charge_id, []))]

    def disputes_of(self, charge_id: str) -> list[Dispute]:
        """A charge's disputes, the newest first."""
        return [dispute for dispute in reversed(self.tables.disputes.values()) if dispute.charge == charge_id]

    def tell(
        self, kind: str, about: Mapping[str, Any], *, is_live: bool = False, api_version: str | None = API_VERSION
    ) -> Event:
        """Write an event about an object as it is at this moment, and hand it on to be delivered."""
        event_id, created = self.new_id("evt"), self.now()
        body = {
            "id": event_id,
            "object": "event",
            "api_version": api_version,
            "created": created,
            "data": {"object": about},
            "livemode": is_live,
            "pending_webhooks": 1,
            "request": {"id": self.cause.request_id, "idempotency_key": self.cause.idempotency_key},
            "type": kind,
        }
        event = Event(id=event_id, created=created, type=kind, body=_as_text(body))
        self.tables.events[event_id] = event
        self.on_event(event)
        return event


def _as_text(body: Mapping[str, Any]) -> str:
    """With line breaks, as Stripe sends it. The json module knows these in Python only, at six times the cost."""
    return to_json(body, indent=2, ensure_ascii=True).decode()


def _is_open(session: CheckoutSession) -> bool:
    return session.status == "open"


def found(table: Mapping[str, RecordT], object_id: str, kind: str, *, param: str = "id") -> RecordT:
    """The record with this id.

    Raises:
        StripeRefusal: there is none.
    """
    record = table.get(object_id)
    if record is None:
        raise missing(kind, object_id, param=param)
    return record

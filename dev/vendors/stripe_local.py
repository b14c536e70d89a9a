"""Stripe, as far as the product uses it, on this machine: what payers, banks and the seller can do, safe for threads.

The HTTP server in `stripe_app` stands in front of it; tests may also hold it directly.
"""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from dev.vendors import stripe_checkout, stripe_dispute, stripe_payment, stripe_refund
from dev.vendors.stripe_book import API_VERSION, NO_REQUEST, Book, Cause, NewId, found, random_id
from dev.vendors.stripe_courier import Controls, Courier
from dev.vendors.stripe_model import CheckoutSession, Dispute, Event, PaymentIntent, Refund
from dev.vendors.stripe_outage import Outage
from dev.vendors.stripe_state_file import StateFile, load_tables

LOCAL_KEY = "sk_test_local"
_KEPT_REQUESTS = 20_000


@dataclass(frozen=True, kw_only=True)
class LoggedRequest:
    """A request of the API as it was answered; status 0 is no answer at all."""

    method: str
    path: str
    idempotency_key: str | None
    status: int


class LocalStripe:
    """One account in test mode. `path` None forgets everything at the end."""

    def __init__(
        self,
        *,
        path: Path | None = None,
        api_key: str = LOCAL_KEY,
        clock: Callable[[], float] = time.time,
        new_id: NewId = random_id,
        seed: int | None = None,
    ) -> None:
        self.api_key = api_key
        self.lock = threading.RLock()
        self.book = Book(load_tables(path), clock=clock, new_id=new_id, on_event=self._send)
        self.outage = Outage()
        self.requests: deque[LoggedRequest] = deque(maxlen=_KEPT_REQUESTS)
        self.seed = secrets.randbits(32) if seed is None else seed
        """What a shuffled order is made from; a failing test prints it."""
        self.courier = Courier(
            lock=self.lock,
            signing_secret=self.signing_secret,
            events=self.book.tables.events,
            deliveries=self.book.tables.deliveries,
            new_id=random_id,
            on_change=self._mark_changed,
            chores=self._expire_overdue,
            seed=self.seed,
        )
        self._file = None if path is None else StateFile(path, self._copy_of_tables)
        self._mark_changed()  # the signing secret is made once, whatever happens next
        self.courier.start()

    @property
    def signing_secret(self) -> str:
        """What webhooks are signed with: `whsec_...`."""
        return self.book.tables.signing_secret

    @property
    def address(self) -> str:
        """Where the server in front listens; the pages' addresses begin with it."""
        return self.book.address

    def listens_at(self, address: str) -> None:
        """The server in front has an address."""
        self.book.address = address

    def close(self) -> None:
        """Stop delivering, and write what is not written yet."""
        self.courier.stop()
        if self._file is not None:
            self._file.close()

    @contextmanager
    def look(self) -> Generator[Book]:
        """The book, for whoever only reads; nothing is written to the file."""
        with self.lock:
            self._expire_overdue()
            yield self.book

    @contextmanager
    def change(self, cause: Cause = NO_REQUEST) -> Generator[Book]:
        """The book, for whoever changes it; events that come of it name the cause."""
        with self.lock:
            self._expire_overdue()
            before, self.book.cause = self.book.cause, cause
            try:
                yield self.book
            finally:
                self.book.cause = before
                self._mark_changed()

    def session(self, session_id: str) -> CheckoutSession:
        """A session as it is now."""
        with self.look() as book:
            return found(book.tables.sessions, session_id, "checkout.session")

    def pay(self, session_id: str) -> PaymentIntent:
        """Pay by card."""
        with self.change() as book:
            return stripe_payment.pay_by_card(book, session_id)

    def pay_by_bank_debit(self, session_id: str) -> PaymentIntent:
        """Agree to a bank debit, which settles or bounces later."""
        with self.change() as book:
            return stripe_payment.pay_by_bank_debit(book, session_id)

    def settle(self, session_id: str) -> PaymentIntent:
        """The bank debit went through."""
        with self.change() as book:
            return stripe_payment.settle(book, session_id)

    def bounce(self, session_id: str) -> PaymentIntent:
        """The bank debit failed."""
        with self.change() as book:
            return stripe_payment.bounce(book, session_id)

    def decline(self, session_id: str) -> PaymentIntent:
        """Try a card that is declined."""
        with self.change() as book:
            return stripe_payment.decline(book, session_id)

    def expire(self, session_id: str) -> CheckoutSession:
        """Nobody pays any more."""
        with self.change() as book:
            return stripe_checkout.expire_session(book, session_id)

    def refund(self, intent_id: str, *, amount: int | None = None, is_pending: bool | None = None) -> Refund:
        """Give money back from the dashboard."""
        with self.change() as book:
            return stripe_refund.refund(book, intent_id, amount=amount, is_pending=is_pending)

    def settle_refund(self, refund_id: str) -> Refund:
        """A pending refund has arrived."""
        with self.change() as book:
            return stripe_refund.settle_refund(book, refund_id)

    def fail_refund(self, refund_id: str) -> Refund:
        """A refund comes back."""
        with self.change() as book:
            return stripe_refund.fail_refund(book, refund_id)

    def dispute(self, intent_id: str, *, amount: int | None = None, is_inquiry: bool = False) -> Dispute:
        """The payer complains at the bank."""
        with self.change() as book:
            return stripe_dispute.open_dispute(book, intent_id, amount=amount, is_inquiry=is_inquiry)

    def win_dispute(self, dispute_id: str) -> Dispute:
        """The bank decides for us."""
        with self.change() as book:
            return stripe_dispute.win_dispute(book, dispute_id)

    def lose_dispute(self, dispute_id: str) -> Dispute:
        """The bank decides for the payer."""
        with self.change() as book:
            return stripe_dispute.lose_dispute(book, dispute_id)

    def close_inquiry(self, dispute_id: str) -> Dispute:
        """The bank asks no further."""
        with self.change() as book:
            return stripe_dispute.close_inquiry(book, dispute_id)

    def falsify(self, session_id: str, **changed: Any) -> CheckoutSession:  # noqa: ANN401 - any field of a session
        """Change fields of a session behind everybody's back, without an event: what must never be believed."""
        with self.change() as book:
            session = found(book.tables.sessions, session_id, "checkout.session")
            return book.put_session(replace(session, **changed))

    def tell(
        self, kind: str, about: Mapping[str, Any], *, is_live: bool = False, api_version: str | None = API_VERSION
    ) -> Event:
        """Send an event of any kind about anything."""
        with self.change() as book:
            return book.tell(kind, about, is_live=is_live, api_version=api_version)

    def events(self) -> list[Event]:
        """All events, the oldest first."""
        with self.lock:
            return list(self.book.tables.events.values())

    def deliver_to(self, url: str | None) -> None:
        """Where webhooks go."""
        self.courier.deliver_to(url)

    def control(
        self, *, copies: int | None = None, is_shuffled: bool | None = None, is_held: bool | None = None
    ) -> None:
        """Deliver each event so many times, in any order, or hold all back. What is not named stays as it is."""
        asked = {"copies": copies, "is_shuffled": is_shuffled, "is_held": is_held}
        named = {name: value for name, value in asked.items() if value is not None}
        self.courier.control(replace(self.courier.controls, **named))

    def send_again(self, delivery_id: str) -> None:
        """Deliver once more what was delivered, or given up."""
        with self.change() as book:
            self.courier.send_again(found(book.tables.deliveries, delivery_id, "delivery").id)

    def release(self) -> None:
        """Let go what was held back."""
        self.control(is_held=False)

    @property
    def controls(self) -> Controls:
        """How events are delivered."""
        return self.courier.controls

    def wait_until_delivered(self, timeout_seconds: float = 10) -> bool:
        """Wait until every event was taken, or given up; tells whether that came about in time."""
        return self.courier.wait_until_quiet(timeout_seconds)

    def _send(self, event: Event) -> None:
        self.courier.send(event)

    def _expire_overdue(self) -> None:
        stripe_checkout.expire_overdue(self.book)

    def _mark_changed(self) -> None:
        if self._file is not None:
            self._file.mark_changed()

    def _copy_of_tables(self) -> dict[str, Any]:
        """The records do not change, so that copying the dictionaries is enough to read them without the lock."""
        with self.lock:
            tables = {entry.name: getattr(self.book.tables, entry.name) for entry in fields(self.book.tables)}
            return {name: dict(table) if isinstance(table, dict) else table for name, table in tables.items()}

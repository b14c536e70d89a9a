"""Accounts at Firebase, in memory; and customers of a payment provider."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dev.vendors.identity_local import LocalPeople
from shared.errors import VendorDown
from shared.identity.model import SignIn


@dataclass(kw_only=True)
class MemoryAccounts:
    """Fulfils shared.identity.accounts.Accounts: whoever was not removed has an account."""

    people: LocalPeople = field(default_factory=LocalPeople)
    is_down: bool = False

    def look(self, firebase_uid: str) -> SignIn | None:
        self._check()
        person = self.people.find(firebase_uid)
        if person is None:
            return None
        since = None if person.valid_since is None else datetime.fromtimestamp(person.valid_since, UTC)
        return SignIn(is_disabled=person.is_disabled, valid_since=since)

    def sign_out(self, firebase_uid: str) -> None:
        self._check()
        self.people.sign_out(firebase_uid)

    def delete(self, firebase_uid: str) -> None:
        self._check()
        self.people.delete(firebase_uid)

    def _check(self) -> None:
        if self.is_down:
            raise VendorDown("Firebase is down.", retry_after_seconds=5)


@dataclass(kw_only=True)
class MemoryCustomers:
    """Fulfils shared.payments.customers.Customers, and says what it was asked to forget."""

    is_down: bool = False
    expired: list[str] = field(default_factory=list[str])
    forgotten: list[str] = field(default_factory=list[str])
    unheard_of: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Customers of a user's id whom a search finds."""

    def expire_checkout(self, session_id: str) -> None:
        self._check()
        self.expired.append(session_id)

    def customers_of(self, user_id: str) -> Sequence[str]:
        self._check()
        return self.unheard_of.get(user_id, [])

    def forget_customer(self, customer_id: str) -> None:
        self._check()
        self.forgotten.append(customer_id)

    def _check(self) -> None:
        if self.is_down:
            raise VendorDown("The payment provider is down.")

"""Somebody buys, and deletes their account meanwhile: no page is left that can be paid, and nobody at Stripe."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import UserId
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.delete_account import delete_account
from shared.leaving.model import Certificate
from shared.leaving.stores import Stores
from shared.payments.model import Payment
from shared.payments.payment_provider import Checkout, ReturnUrls
from shared.payments.start_checkout import start_checkout
from tests.fakes.memory_accounts import MemoryAccounts
from tests.fakes.memory_queue import MemoryQueue
from tests.fakes.memory_store import MemoryStore
from tests.fixtures.payments import PACKAGE, SHOP, PaymentBackend, payment_backend
from tests.fixtures.slow_provider import SlowProvider, nothing_happens


@dataclass(frozen=True, kw_only=True)
class World:
    """A shop, and a second connection for what happens beside it."""

    shop: PaymentBackend
    beside: Database
    stores: Stores
    queue: MemoryQueue = field(default_factory=MemoryQueue)

    def leave(self, user_id: UserId) -> Certificate:
        return delete_account(self.beside, self.stores, self.queue, user_id, Patience(within_seconds=600))

    def known(self, user_id: UserId) -> list[str]:
        """Customers of that user whom Stripe knows."""
        with self.shop.local.look() as book:
            everybody = book.tables.customers.values()
            return [one.id for one in everybody if one.metadata.get("user_id") == str(user_id) and not one.is_deleted]

    def pages(self) -> list[str]:
        """What became of all pages."""
        with self.shop.local.look() as book:
            return [session.status for session in book.tables.sessions.values()]


@dataclass(kw_only=True)
class Dawdling(SlowProvider):
    """Does what it is asked; something happens before the answer is heard."""

    once_made: Callable[[], object] = nothing_happens
    once_opened: Callable[[], object] = nothing_happens

    def create_customer(self, *, user_id: str, email: str | None, replacing: str | None = None) -> str:
        made = super().create_customer(user_id=user_id, email=email, replacing=replacing)
        self.once_made()
        return made

    def open_checkout(self, order: Payment, urls: ReturnUrls) -> Checkout:
        opened = super().open_checkout(order, urls)
        self.once_opened()
        return opened


@pytest.fixture
def world(postgres: Postgres, database_name: str) -> Iterator[World]:
    url = postgres.url(database_name, role="second_brain_app")
    with payment_backend(url) as shop:
        beside = Database(url)
        stores = Stores(objects=MemoryStore(), customers=shop.provider, accounts=MemoryAccounts())
        try:
            yield World(shop=shop, beside=beside, stores=stores)
        finally:
            beside.close()


def test_a_page_opened_while_its_account_is_deleted_is_closed_and_handed_to_nobody(world: World) -> None:
    user_id = world.shop.user()
    slow = Dawdling(provider=world.shop.provider, once_opened=lambda: world.leave(user_id))
    with pytest.raises(NotFound):
        start_checkout(world.shop.db, slow, SHOP, user_id, PACKAGE.id)
    assert (world.pages(), world.known(user_id)) == (["expired"], [])

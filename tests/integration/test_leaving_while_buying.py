"""Somebody buys, and deletes their account meanwhile: no page is left that can be paid, and nobody at Stripe."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import psycopg
import pytest

from dev.postgres import Postgres
from dev.vendors.stripe_search import FOUND_AFTER_SECONDS
from shared.db.connection import Database
from shared.errors import NotFound, VendorDown
from shared.ids import UserId
from shared.leaving.carry_on_deletion import Patience, carry_on_deletion
from shared.leaving.delete_account import delete_account
from shared.leaving.model import Certificate
from shared.leaving.stores import Stores
from shared.leaving.work_on_deletion import work_on_deletion
from shared.payments.model import Payment
from shared.payments.payment_provider import Checkout, ReturnUrls
from shared.payments.start_checkout import start_checkout
from tests.fakes.memory_accounts import MemoryAccounts
from tests.fakes.memory_queue import MemoryQueue
from tests.fakes.memory_store import MemoryStore
from tests.fixtures.payments import PACKAGE, SHOP, PaymentBackend, payment_backend
from tests.fixtures.slow_provider import SlowProvider, nothing_happens
from tests.fixtures.sweeping import pass_time


def patience() -> Patience:
    """Counted from when it is needed."""
    return Patience(within_seconds=600)


def cut() -> None:
    """Nobody hears the answer."""
    raise VendorDown("timed out", retry_after_seconds=5)


@dataclass(frozen=True, kw_only=True)
class World:
    """A shop, and a second connection for what happens beside it."""

    shop: PaymentBackend
    beside: Database
    stores: Stores
    queue: MemoryQueue = field(default_factory=MemoryQueue)

    def leave(self, user_id: UserId, stores: Stores | None = None) -> Certificate:
        return delete_account(self.beside, stores or self.stores, self.queue, user_id, patience())

    def ask_in_vain(self, user_id: UserId) -> None:
        """Stripe makes the customer, and its answer never arrives."""
        deaf = Dawdling(provider=self.shop.provider, once_made=cut)
        with pytest.raises(VendorDown):
            start_checkout(self.shop.db, deaf, SHOP, user_id, PACKAGE.id)

    def let_stripe_catch_up(self) -> None:
        """Its search finds whoever was made before now."""
        with self.shop.local.change() as book:
            for one in list(book.tables.customers.values()):
                book.tables.customers[one.id] = replace(one, created=one.created - FOUND_AFTER_SECONDS)

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
    before_search: Callable[[], object] = nothing_happens
    once_forgotten: Callable[[], object] = nothing_happens

    def create_customer(self, *, user_id: str, email: str | None, replacing: str | None = None) -> str:
        self.beforehand()
        made = super().create_customer(user_id=user_id, email=email, replacing=replacing)
        self.once_made()
        return made

    def open_checkout(self, order: Payment, urls: ReturnUrls) -> Checkout:
        opened = super().open_checkout(order, urls)
        self.once_opened()
        return opened

    def customers_of(self, user_id: str) -> Sequence[str]:
        self.before_search()
        return super().customers_of(user_id)

    def forget_customer(self, customer_id: str) -> None:
        super().forget_customer(customer_id)
        self.once_forgotten()


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


def test_a_customer_made_while_their_account_is_deleted_is_forgotten_by_whoever_made_them(world: World) -> None:
    user_id = world.shop.user()
    left: list[Certificate] = []
    slow = Dawdling(provider=world.shop.provider, once_made=lambda: left.append(world.leave(user_id)))
    with pytest.raises(NotFound):
        start_checkout(world.shop.db, slow, SHOP, user_id, PACKAGE.id)
    assert world.known(user_id) == []
    assert left[0].pending == ["stripe_customer"]  # nobody can say yet that there is none


def test_a_customer_whom_we_never_heard_of_holds_the_certificate_until_they_are_found_and_forgotten(
    world: World, system_db: Database
) -> None:
    user_id = world.shop.user()
    world.ask_in_vain(user_id)
    certificate = world.leave(user_id)
    assert (certificate.stripe_customer, certificate.pending) == ("pending", ["stripe_customer"])
    assert len(world.known(user_id)) == 1
    world.let_stripe_catch_up()
    certificate = carry_on_deletion(system_db, world.stores, user_id, patience())
    assert (certificate.stripe_customer, certificate.pending) == ("deleted", [])
    assert world.known(user_id) == []


def test_a_customer_who_was_asked_for_and_never_made_was_none_once_an_hour_has_passed(
    world: World, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = world.shop.user()
    with pytest.raises(VendorDown):
        start_checkout(world.shop.db, Dawdling(provider=world.shop.provider, beforehand=cut), SHOP, user_id, PACKAGE.id)
    assert world.leave(user_id).pending == ["stripe_customer"]
    pass_time(owner, timedelta(minutes=59))
    assert carry_on_deletion(system_db, world.stores, user_id, patience()).pending == ["stripe_customer"]
    pass_time(owner, timedelta(minutes=2))
    certificate = carry_on_deletion(system_db, world.stores, user_id, patience())
    assert (certificate.stripe_customer, certificate.pending) == ("none", [])


@pytest.mark.parametrize("found", ["at once", "at the last look"])
def test_of_two_customers_the_one_whom_we_never_heard_of_is_forgotten_too(
    world: World, system_db: Database, owner: psycopg.Connection, found: str
) -> None:
    """Stripe keeps an idempotency key for a day: whoever buys after that is made anew."""
    user_id = world.shop.user()
    world.ask_in_vain(user_id)
    with world.shop.local.change() as book:
        book.tables.answers.clear()
    world.shop.order(user_id)
    assert len(world.known(user_id)) == 2
    if found == "at once":
        world.let_stripe_catch_up()
    certificate = world.leave(user_id)
    assert (certificate.stripe_customer, certificate.pending) == ("deleted", [])
    assert len(world.known(user_id)) == (0 if found == "at once" else 1)
    world.let_stripe_catch_up()
    pass_time(owner, timedelta(minutes=61))
    work_on_deletion(system_db, world.stores, user_id, patience())
    assert (world.known(user_id), world.pages()) == ([], ["expired"])
    assert owner.execute("SELECT count(*) FROM deletions").fetchone() == (0,)


def test_whoever_dies_while_a_found_customer_goes_has_written_down_that_there_was_one(
    world: World, system_db: Database
) -> None:
    user_id = world.shop.user()
    world.ask_in_vain(user_id)
    world.let_stripe_catch_up()
    stores = replace(world.stores, customers=Dawdling(provider=world.shop.provider, once_forgotten=cut))
    assert world.leave(user_id, stores).pending == ["stripe_customer"]
    assert world.known(user_id) == []
    certificate = carry_on_deletion(system_db, world.stores, user_id, patience())
    assert (certificate.stripe_customer, certificate.pending) == ("deleted", [])


def test_a_search_that_fails_keeps_the_certificate_back_and_nobody_whom_we_know(world: World) -> None:
    user_id = world.shop.order().user_id
    stores = replace(world.stores, customers=Dawdling(provider=world.shop.provider, before_search=cut))
    assert world.leave(user_id, stores).pending == ["stripe_customer"]
    assert (world.known(user_id), world.pages()) == ([], ["expired"])
    assert world.leave(user_id).stripe_customer == "deleted"

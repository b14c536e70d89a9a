"""Death after every statement and around every call outside: two sweeps later nothing tells of it."""

from collections.abc import Iterator

import psycopg
import pytest

from dev.postgres import Postgres
from dev.vendors.stripe_model import CheckoutSession, Event
from shared.db.connection import Database
from shared.ids import UserId
from shared.outbox.message import Message
from shared.payments.apply_event import apply_event
from shared.payments.start_checkout import start_checkout
from tests.fixtures.kill_points import Life, Work
from tests.fixtures.mortal_shop import MortalShop, dies_everywhere, mortal_shop
from tests.fixtures.payment_lives import Happening, Purchase, dispute_half, fail_the_refund, pay, refund_a_quarter
from tests.fixtures.payments import PACKAGE, SHOP, TRIAL, Outcome, provider_of, signed, webhook_of

LONG_AGO = "UPDATE payments SET created_at = created_at - interval '26 hours'"
ORDERS = "SELECT id::text, status, reason, stripe_session_id FROM payments WHERE user_id = %s"
STANDING = "SELECT credits - credit_debt FROM users WHERE id = %s"


@pytest.fixture
def shop(
    postgres: Postgres, database_name: str, system_db: Database, owner: psycopg.Connection
) -> Iterator[MortalShop]:
    url = postgres.url(database_name, role="second_brain_app")
    with mortal_shop(url, system_db, owner) as the_shop:
        yield the_shop


def kinds(points: tuple[str, ...]) -> set[str]:
    return {point.partition(" ")[0] for point in points}


@pytest.mark.parametrize("comes_again", [True, False])
def test_a_webhook_that_dies_anywhere_is_heard_once_or_comes_again(shop: MortalShop, *, comes_again: bool) -> None:
    """Stripe repeats what was not answered; even if it did not, a webhook that was kept is applied."""
    told: list[tuple[Purchase, Event]] = []

    def prepare() -> Work:
        purchase = shop.purchase()
        event = purchase.live(pay)
        told.append((purchase, event))
        secret = shop.backend.local.signing_secret
        return lambda db: webhook_of(db, shop.queues.queue(), secret)(signed(event, secret), None)

    def look(life: Life) -> None:
        purchase, event = told[-1]
        if comes_again:
            shop.backend.deliver(event)
        shop.sweep()
        is_kept = comes_again or "COMMIT" in life.points
        assert shop.states(event) == (["applied"] if is_kept else [])
        assert purchase.outcome().standing == TRIAL + (PACKAGE.credits if is_kept else 0)

    points = dies_everywhere(shop, prepare, look)
    assert points.count("COMMIT") == 1
    assert kinds(points) == {"BEGIN", "INSERT", "COMMIT", "before", "after"}


@pytest.mark.parametrize(
    ("before", "happening", "kept"),
    [
        ((), pay, 100),
        ((pay,), refund_a_quarter, 75),
        ((pay, refund_a_quarter), fail_the_refund, 100),
        ((pay,), dispute_half, 50),
    ],
)
def test_an_event_whose_application_dies_anywhere_is_applied_once(
    shop: MortalShop, before: tuple[Happening, ...], happening: Happening, kept: int
) -> None:
    told: list[tuple[Purchase, Event]] = []
    ends: list[Outcome] = []

    def announced(purchase: Purchase, one: Happening) -> Message:
        told.append((purchase, purchase.live(one)))
        shop.backend.deliver(told[-1][1])
        return shop.backend.queue.sent.pop()[1]

    def prepare() -> Work:
        purchase = shop.purchase()
        for one in before:
            shop.backend.apply(announced(purchase, one))
        message = announced(purchase, happening)
        return lambda db: apply_event(db, provider_of(shop.backend.local), message.body["event_id"])

    def look(_: Life) -> None:
        shop.sweep()
        purchase, event = told[-1]
        assert shop.states(event) == ["applied"]
        ends.append(purchase.outcome())

    points = dies_everywhere(shop, prepare, look)
    assert {end.standing for end in ends} == {TRIAL + kept}
    assert {(end.credits, end.debt, end.payment, end.ledger) for end in ends} == {
        (ends[0].credits, ends[0].debt, ends[0].payment, ends[0].ledger)
    }
    assert points.count("COMMIT") == 4  # taken, found, claimed, recorded
    assert kinds(points) >= {"before", "after", "UPDATE", "SELECT", "WITH"}


@pytest.mark.parametrize("is_paid", [True, False])
def test_a_checkout_that_dies_anywhere_leaves_an_order_that_is_settled(shop: MortalShop, *, is_paid: bool) -> None:
    """Nobody has seen the page's address; should it be paid all the same, the credits come."""
    users: list[UserId] = []

    def prepare() -> Work:
        users.append(shop.backend.user())
        return lambda db: start_checkout(db, provider_of(shop.backend.local), SHOP, users[-1], PACKAGE.id)

    def look(_: Life) -> None:
        opened = sessions_of(shop, users[-1])
        if is_paid:
            for session in opened:
                shop.backend.local.pay(session.id)
        shop.owner.execute(LONG_AGO)
        shop.reconcile()
        assert orders_of(shop, users[-1]) == expected_orders(shop, users[-1], opened, is_paid=is_paid)
        granted = PACKAGE.credits * len(opened) if is_paid else 0
        assert standing_of(shop, users[-1]) == TRIAL + granted
        buys_after_all(shop, users[-1])
        assert standing_of(shop, users[-1]) == TRIAL + granted + PACKAGE.credits

    points = dies_everywhere(shop, prepare, look)
    assert points.count("COMMIT") == 4  # asked for the customer, remembered it, ordered, opened
    assert len([point for point in points if point.startswith("before POST /v1")]) == 2


def sessions_of(shop: MortalShop, user_id: UserId) -> list[CheckoutSession]:
    sessions = shop.backend.local.book.tables.sessions.values()
    return [session for session in sessions if session.metadata.get("user_id") == str(user_id)]


def orders_of(shop: MortalShop, user_id: UserId) -> list[tuple[str, str | None, str | None]]:
    return [row[1:] for row in shop.owner.execute(ORDERS, [user_id]).fetchall()]


def expected_orders(
    shop: MortalShop, user_id: UserId, opened: list[CheckoutSession], *, is_paid: bool
) -> list[tuple[str, str | None, str | None]]:
    """What there is of it at Stripe decides; an order that never came there is given up."""
    if opened:
        return [("completed" if is_paid else "pending", None, session.id) for session in opened]
    return [("failed", "never_opened", None)] * len(orders_of(shop, user_id))


def standing_of(shop: MortalShop, user_id: UserId) -> int:
    row = shop.owner.execute(STANDING, [user_id]).fetchone()
    assert row is not None
    return row[0]


def buys_after_all(shop: MortalShop, user_id: UserId) -> None:
    """The user tries again; they are still one customer."""
    purchase = Purchase(backend=shop.backend, order=shop.backend.order(user_id))
    shop.backend.deliver(purchase.live(pay))
    shop.backend.work()
    customers = shop.backend.local.book.tables.customers.values()
    assert sum(customer.metadata.get("user_id") == str(user_id) for customer in customers) == 1

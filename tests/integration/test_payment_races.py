"""Readers of one order who read at different moments: what is recorded is never older than what was recorded before."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Event as Signal

import psycopg
import pytest

from dev.postgres import Postgres
from dev.vendors.stripe_model import Event
from shared.db.connection import Database
from shared.errors import Busy
from shared.outbox.message import Message
from tests.fixtures.crowds import DEADLINE_SECONDS, Crowd
from tests.fixtures.payment_lives import LIVES, Purchase, pay, refund_the_rest
from tests.fixtures.payments import PACKAGE, TRIAL, PaymentBackend, payment_backend, provider_of
from tests.fixtures.seeds import chance
from tests.fixtures.slow_provider import SlowProvider

STATES = "SELECT DISTINCT state FROM inbox"

LOSE_THE_TOKEN = "UPDATE payments SET read_token = read_token + 1"


@pytest.fixture
def shop(postgres: Postgres, database_name: str) -> Iterator[PaymentBackend]:
    with payment_backend(postgres.url(database_name, role="second_brain_app")) as backend:
        yield backend


@pytest.fixture
def purchase(shop: PaymentBackend) -> Purchase:
    return Purchase(backend=shop, order=shop.order())


def announced(shop: PaymentBackend, event: Event) -> Message:
    shop.deliver(event)
    return shop.queue.sent.pop()[1]


def beside(shop: PaymentBackend, db: Database, provider: SlowProvider) -> PaymentBackend:
    """Another worker: its own connection, its own client."""
    return replace(shop, db=db, provider=provider)


def test_who_read_first_and_writes_last_reads_anew(
    shop: PaymentBackend, purchase: Purchase, many: Crowd, owner: psycopg.Connection
) -> None:
    paid = announced(shop, purchase.live(pay))
    readings: list[str] = []

    def overtaken() -> None:
        """After the slow worker has read that all is paid: all is given back, and another worker applies that."""
        readings.append("slow")
        if len(readings) == 1:
            returned = announced(shop, purchase.live(refund_the_rest))
            shop.apply(returned)

    def slowly(db: Database) -> None:
        beside(shop, db, SlowProvider(provider=provider_of(shop.local), meanwhile=overtaken)).apply(paid)

    many.all_at_once([slowly])
    assert readings == ["slow", "slow"]
    outcome = purchase.outcome()
    assert (outcome.standing, dict(outcome.payment)["status"]) == (TRIAL, "refunded")
    assert sorted(amount for _, _, amount in outcome.ledger) == [-PACKAGE.credits, PACKAGE.credits]
    assert owner.execute(STATES).fetchall() == [("applied",)]


def test_who_read_old_news_after_anothers_claim_cannot_write_them_over_that_ones_newer_news(
    shop: PaymentBackend, purchase: Purchase, postgres: Postgres, database_name: str
) -> None:
    """One claims; the other claims and reads; all is given back; the one reads and records; the other records."""
    claimed, read, recorded = Signal(), Signal(), Signal()
    first = announced(shop, purchase.live(pay))
    order: list[str] = []

    def one_waits() -> None:
        order.append("one claims")
        claimed.set()
        assert read.wait(DEADLINE_SECONDS)

    def other_dawdles() -> None:
        order.append("other reads")
        if not read.is_set():
            purchase.live(refund_the_rest)
            read.set()
            assert recorded.wait(DEADLINE_SECONDS)

    def one() -> None:
        db = Database(postgres.url(database_name, role="second_brain_app"))
        slow = SlowProvider(provider=provider_of(shop.local), beforehand=one_waits)
        beside(shop, db, slow).apply(first)
        db.close()
        order.append("one records")
        recorded.set()

    def other() -> None:
        db = Database(postgres.url(database_name, role="second_brain_app"))
        assert claimed.wait(DEADLINE_SECONDS)
        slow = SlowProvider(provider=provider_of(shop.local), meanwhile=other_dawdles)
        beside(shop, db, slow).apply(first)
        db.close()

    with ThreadPoolExecutor(2) as pool:
        for working in [pool.submit(one), pool.submit(other)]:
            working.result(DEADLINE_SECONDS)
    assert order == ["one claims", "other reads", "one claims", "one records", "other reads"]
    outcome = purchase.outcome()
    assert (outcome.standing, dict(outcome.payment)["status"]) == (TRIAL, "refunded")


@pytest.mark.parametrize("losses", [1, 2])
def test_who_lost_the_token_reads_anew(
    shop: PaymentBackend, purchase: Purchase, owner: psycopg.Connection, losses: int
) -> None:
    readings: list[int] = []

    def lose_the_token() -> None:
        readings.append(1)
        if len(readings) <= losses:
            owner.execute(LOSE_THE_TOKEN)

    paid = announced(shop, purchase.live(pay))
    beside(shop, shop.db, SlowProvider(provider=shop.provider, meanwhile=lose_the_token)).apply(paid)
    assert len(readings) == losses + 1
    assert purchase.outcome().standing == TRIAL + PACKAGE.credits


def test_who_lost_the_token_three_times_comes_back_later(
    shop: PaymentBackend, purchase: Purchase, owner: psycopg.Connection
) -> None:
    readings: list[int] = []

    def lose_the_token() -> None:
        readings.append(1)
        owner.execute(LOSE_THE_TOKEN)

    paid = announced(shop, purchase.live(pay))
    with pytest.raises(Busy) as raised:
        beside(shop, shop.db, SlowProvider(provider=shop.provider, meanwhile=lose_the_token)).apply(paid)
    assert raised.value.is_momentary
    assert len(readings) == 3
    assert purchase.outcome().standing == TRIAL
    assert owner.execute(STATES).fetchall() == [("received",)]

    shop.apply(paid)
    assert purchase.outcome().standing == TRIAL + PACKAGE.credits
    assert owner.execute(STATES).fetchall() == [("applied",)]


def test_many_workers_on_one_order_at_once_end_as_one_worker_would(
    shop: PaymentBackend, purchase: Purchase, many: Crowd, owner: psycopg.Connection
) -> None:
    """Forty workers each time something happened: who is told to come back later does."""
    dice = chance("many workers")
    messages: list[Message] = []
    for happening in LIVES["half kept"]:
        messages.append(announced(shop, purchase.live(happening)))
        work = [partial(apply_or_leave, shop, message) for message in messages * 3]
        dice.shuffle(work)
        many.all_at_once(work)
    shop.queue.sent += [("apply-payment", message) for message in messages]
    shop.work()
    outcome = purchase.outcome()
    assert outcome.standing == TRIAL + PACKAGE.credits // 4
    assert sum(reason == "purchase" for reason, _, _ in outcome.ledger) == 1
    assert owner.execute(STATES).fetchall() == [("applied",)]


def apply_or_leave(shop: PaymentBackend, message: Message, db: Database) -> None:
    with suppress(Busy):
        replace(shop, db=db).apply(message)

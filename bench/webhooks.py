"""Stripe's webhooks: how many are taken in, and applied, a second; and what one costs in calls and statements.

Everything is what runs in production: the webhook's handler with signature and JSON, the worker's use case, the real
SDK over HTTP, PostgreSQL that waits for its disk. The local Stripe answers, on this machine and from its own share of
the processor, so the figure of applied events is of both together.
"""

import tempfile
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.db.migrate import migrate
from tests.fixtures.both_cores import CORES, be_quiet
from tests.fixtures.counted_wire import counted_wire
from tests.fixtures.payment_lives import Purchase, dispute_half, pay, refund_a_quarter
from tests.fixtures.payment_storm import THREADS, Together, apply_all, paid_orders, receive_all
from tests.fixtures.payments import PaymentBackend, payment_backend

NAME = "webhooks"

_USERS, _ORDERS = 50, 500
_COPIES = 5


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one took, of Stripe and of the database; BEGIN, COMMIT and the tenant's setting are statements too."""

    calls: int
    statements: int


def run() -> bool:
    """Print the tables; True, for there is nothing to be measured against."""
    be_quiet()
    with _database() as postgres, psycopg.connect(postgres.url("bench"), autocommit=True) as owner:
        url = postgres.url("bench", role="second_brain_app")
        with payment_backend(url) as shop:
            _print_rates(*_storm(shop, owner, url))
            _print_costs(_costs(shop, url))
    return True


@contextmanager
def _database() -> Generator[Postgres]:
    with tempfile.TemporaryDirectory() as folder:
        postgres = Postgres.start(Path(folder))
        try:
            postgres.create_database("bench")
            migrate(postgres.url("bench"))
            yield postgres
        finally:
            postgres.stop()


def _storm(shop: PaymentBackend, owner: psycopg.Connection, url: str) -> tuple[Together, Together]:
    events = paid_orders(shop.db, owner, shop.local, users=_USERS, orders=_ORDERS)
    received = receive_all(url, shop.local.signing_secret, events * _COPIES)
    applied = apply_all(url, shop.local.address, received.done)
    states = owner.execute("SELECT state, count(*) FROM inbox GROUP BY state").fetchall()
    assert states == [("applied", len(events))]
    return received, applied


def _costs(shop: PaymentBackend, url: str) -> dict[str, Cost]:
    """Of one event of each kind, taken in and applied on a connection whose statements are counted."""
    statements: list[str] = []
    address, _, folder = url.partition("?host=")

    def heard(statement: str) -> bool:
        statements.append(statement)
        return True

    def cost(work: Callable[[], object]) -> Cost:
        calls, before = len(shop.local.requests), len(statements)
        work()
        return Cost(calls=len(shop.local.requests) - calls, statements=len(statements) - before)

    with counted_wire(folder, heard) as wire, closing(Database(f"{address}?host={wire}")) as db:
        worker = PaymentBackend(db=db, local=shop.local, provider=shop.provider)
        purchase = Purchase(backend=shop, order=shop.order())
        costs: dict[str, Cost] = {}
        for kind, happening in {"paid": pay, "refunded": refund_a_quarter, "disputed": dispute_half}.items():
            event = purchase.live(happening)
            taken_in, again = (cost(lambda event=event: worker.deliver(event)) for _ in range(2))
            costs |= {"taken in": taken_in, "taken in again": again}
            costs[f"applied: {kind}"] = cost(worker.work)
    return costs


def _print_rates(received: Together, applied: Together) -> None:
    deliveries = len(received.done) * _COPIES
    table = Table(
        "",
        "how many",
        "seconds",
        "a second",
        title="Webhooks",
        caption=f"{CORES} processes of {THREADS} threads; each event delivered {_COPIES} times",
    )
    table.add_row("deliveries taken in", f"{deliveries:,}", *_rate(deliveries, received.seconds))
    table.add_row("events applied", f"{len(applied.done):,}", *_rate(len(applied.done), applied.seconds))
    Console().print(table)


def _rate(number: int, seconds: float) -> tuple[str, str]:
    return f"{seconds:.1f}", f"{number / seconds:,.0f}"


def _print_costs(costs: dict[str, Cost]) -> None:
    table = Table("one event", "calls to Stripe", "statements", title="What a webhook costs")
    for what, cost in costs.items():
        table.add_row(what, str(cost.calls), str(cost.statements))
    Console().print(table)

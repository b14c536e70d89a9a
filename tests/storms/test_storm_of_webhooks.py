"""Fifty thousand deliveries of ten thousand events, shuffled, on many connections: each is applied, and once."""

from collections import Counter

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from tests.fixtures.local_stripe import running_local_stripe
from tests.fixtures.payment_storm import apply_all, paid_orders, receive_all
from tests.fixtures.payments import PACKAGE, TRIAL
from tests.fixtures.seeds import chance, seed_of_this_run
from tests.fixtures.throwaway_postgres import prepared

USERS, ORDERS = 500, 5_000
EVENTS = 2 * ORDERS
COPIES = 5


@pytest.mark.timeout(0)  # what it waits for has a deadline of its own
def test_fifty_thousand_shuffled_deliveries_of_ten_thousand_events_apply_each_once(
    postgres: Postgres,
    database_name: str,
    db: Database,
    owner: psycopg.Connection,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, dice = prepared(postgres.url(database_name, role="second_brain_app")), chance("webhooks")
    with running_local_stripe() as local:
        events = paid_orders(db, owner, local, users=USERS, orders=ORDERS)
        assert len({event.id for event in events}) == EVENTS
        deliveries = events * COPIES
        dice.shuffle(deliveries)
        received = receive_all(url, local.signing_secret, deliveries)
        assert len(received.done) == len(set(received.done)) == EVENTS

        messages = [message for message in received.done for _ in range(dice.randint(1, 2))]
        dice.shuffle(messages)
        applied = apply_all(url, local.address, messages)

    assert Counter(applied.done) == Counter(messages)
    assert owner.execute("SELECT state, reason, count(*) FROM inbox GROUP BY 1, 2").fetchall() == [
        ("applied", None, EVENTS)
    ]
    assert owner.execute("SELECT status, count(*) FROM payments GROUP BY 1").fetchall() == [("completed", ORDERS)]
    assert owner.execute(
        "SELECT count(*), count(DISTINCT ref) FROM credit_ledger WHERE reason = 'purchase'"
    ).fetchall() == [(ORDERS, ORDERS)]
    assert owner.execute("SELECT credits, credit_debt, count(*) FROM users GROUP BY 1, 2").fetchall() == [
        (TRIAL + ORDERS // USERS * PACKAGE.credits, 0, USERS)
    ]
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{len(deliveries)} deliveries in {received.seconds:.1f} s ({len(deliveries) / received.seconds:.0f}/s), "
            f"{EVENTS} events applied by {len(messages)} messages in {applied.seconds:.1f} s "
            f"({EVENTS / applied.seconds:.0f}/s), {applied.busy} times others were reading, seed {seed_of_this_run()}"
        )

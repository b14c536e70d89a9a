"""Fifty thousand shuffled deliveries of ten thousand object events and messages: each has its effect, and once."""

from collections.abc import Iterator
from math import ceil

import psycopg
import pytest

from dev.postgres import Postgres
from tests.fakes.ticking_queues import TickingQueues, ticking_queues
from tests.fixtures.fault_table import FaultRow, Record, sized
from tests.fixtures.pictures import picture
from tests.fixtures.repeated_deliveries import (
    PICTURES_PER_SESSION,
    SESSIONS_PER_USER,
    Site,
    captured,
    delivered,
    told_of_objects,
)
from tests.fixtures.seeds import chance
from tests.fixtures.throwaway_postgres import prepared

COPIES = 5
THINGS_PER_SESSION = 2 * PICTURES_PER_SESSION + 3  # an event and a message for each picture, embed, summarise, push
USERS = ceil(10_000 / THINGS_PER_SESSION / SESSIONS_PER_USER)
ROUNDS = sized(1, 20)
"""Each with fifty thousand deliveries."""

COUNTS = {
    "sessions processed": "SELECT count(*) FROM sessions WHERE status = 'processed'",
    "sessions": "SELECT count(*) FROM sessions",
    "debits": "SELECT -sum(delta) FROM credit_ledger WHERE reason = 'session'",
    "refunds": "SELECT count(*) FROM credit_ledger WHERE reason = 'refund'",
    "files uploaded": "SELECT count(*) FROM media_files WHERE status = 'uploaded'",
    "blocks": "SELECT count(*) FROM session_blocks",
    "chunks": "SELECT count(*) FROM chunks",
    "steps completed at once": "SELECT count(*) FROM job_steps WHERE state = 'completed' AND attempts = 1",
    "uses of a provider": "SELECT count(*) FROM ai_usage",
    "told that it is processed": "SELECT count(*) FROM notifications WHERE kind = 'processed' AND state = 'sent'",
    "messages but of credits": "SELECT count(*) FROM outbox o WHERE published_at IS NOT NULL AND NOT EXISTS "
    "(SELECT FROM notifications n WHERE n.kind = 'credits_low' AND n.id::text = o.body ->> 'notification_id')",
    "told of credits": "SELECT count(*) FROM notifications WHERE kind = 'credits_low' AND state = 'sent'",
}


@pytest.fixture
def queues() -> Iterator[TickingQueues]:
    with ticking_queues() as the_queues:
        yield the_queues


def shuffled(things: list[str], name: str) -> list[str]:
    copies = things * COPIES
    chance(name).shuffle(copies)
    return copies


def taken(queues: TickingQueues) -> list[str]:
    """`queue body` of every message that was sent, which is taken away."""
    sent = [f"{name} {message.body}" for name, messages in queues.queues.items() for message in messages]
    queues.queues.clear()
    return sent


def storm(site: Site, queues: TickingQueues, number: int) -> tuple[int, int]:
    """One round; deliveries, and how often a provider was asked."""
    keys = captured(site, [f"user-{number}-{user}" for user in range(USERS)])
    events = shuffled(keys, f"events {number}")
    told_of_objects(site, events)
    deliveries, calls = len(events), 0
    while sent := shuffled(taken(queues), f"messages {number} {deliveries}"):
        deliveries += len(sent)
        parted = [line.partition(" ") for line in sent]
        calls += delivered(site, [(queue, body) for queue, _, body in parted])
    return deliveries, calls


@pytest.mark.timeout(0)
def test_fifty_thousand_shuffled_deliveries_of_ten_thousand_things_have_one_effect_each(
    postgres: Postgres, database_name: str, owner: psycopg.Connection, queues: TickingQueues, record_fault: Record
) -> None:
    site = Site(
        database_url=prepared(postgres.url(database_name, role="second_brain_app")),
        queue_url=queues.url,
        content=picture(),
    )
    rounds = [storm(site, queues, number) for number in range(ROUNDS)]
    deliveries, calls = (sum(column) for column in zip(*rounds, strict=True))
    counted = {name: owner.execute(statement).fetchone()[0] for name, statement in COUNTS.items()}  # type: ignore[index]

    sessions = ROUNDS * USERS * SESSIONS_PER_USER
    pictures = sessions * PICTURES_PER_SESSION
    steps = pictures + 2 * sessions
    of_credits = counted["told of credits"]
    assert counted == {
        "sessions processed": sessions,
        "sessions": sessions,
        "debits": sessions,
        "refunds": 0,
        "files uploaded": pictures,
        "blocks": pictures,
        "chunks": pictures,
        "steps completed at once": steps,
        "uses of a provider": steps,
        "told that it is processed": sessions,
        "messages but of credits": steps + sessions,
        "told of credits": of_credits,
    }
    messages = steps + sessions + of_credits
    assert calls == messages
    assert deliveries == COPIES * (pictures + messages) >= 50_000 * ROUNDS
    record_fault(
        FaultRow(
            place=2,
            fault="duplicated and shuffled object events and queue messages",
            size=f"{deliveries:,} deliveries of {pictures + messages:,}",
            counted=f"{pictures:,} files, {steps:,} steps, {calls:,} calls to vendors, {sessions:,} debits",
            must_show="one effect each",
        )
    )

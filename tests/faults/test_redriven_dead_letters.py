"""Every dead letter goes back to its queue: what was not done is done, and what was done is not done again."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from dev.postgres import Postgres
from shared.administration.redrive_dead_letters import Redrive, redrive_dead_letters
from shared.db.connection import Database
from shared.media.model import MediaType
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_dead_letters import SqsDeadLetters
from tests.fakes.openai_like import OpenAiLike
from tests.fakes.ticking_queues import DEAD
from tests.fixtures.appointing import appointed
from tests.fixtures.deployed import Deployed, deployed
from tests.fixtures.fault_table import FaultRow, Record, sized
from tests.fixtures.outcomes import outcomes, unfinished
from tests.fixtures.pictures import picture
from tests.fixtures.poison import heal, poison
from tests.fixtures.seeds import chance

LETTERS = sized(1_000, 10_000)
MESSAGES_PER_SESSION = 5  # a notice, three steps and a push; and users are told when credits are low
SESSIONS = LETTERS // MESSAGES_PER_SESSION
SESSIONS_PER_USER = 3
MAX_RECEIVES = 5

_TABLES = """
SELECT table_name::text FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""


@pytest.fixture
def providers() -> Iterator[OpenAiLike]:
    with OpenAiLike() as the_providers:
        yield the_providers


@pytest.fixture
def world(
    postgres: Postgres, database_name: str, owner: psycopg.Connection, providers: OpenAiLike
) -> Iterator[Deployed]:
    with deployed(postgres, database_name, owner, providers_url=providers.url) as the_world:
        yield the_world


def capture(world: Deployed, sessions: int) -> None:
    image = picture()
    for number in range(sessions):
        user_id = world.user(f"user-{number // SESSIONS_PER_USER}")
        session_id = world.backend.session(user_id)
        world.backend.marker(user_id, session_id)
        media = world.declare(user_id, session_id, image, MediaType.IMAGE)
        world.finalize(user_id, session_id)
        world.upload(media, image)


def become_dead_letters(world: Deployed, queue: str) -> int:
    """What lies in that queue can be done by nobody, and nobody buries it."""
    world.asleep.add("dead-letters")
    poison(world.owner, [message.body for message in world.queues.queues[queue]])
    for _ in range(MAX_RECEIVES + 1):
        world.work()
        world.queues.now += 1_801
    world.asleep.discard("dead-letters")
    return world.queues.left(queue + DEAD)


def redrive_by_hand(world: Deployed, system_db: Database, queue: str) -> int:
    """As an administrator does it; how many went back."""
    settings = QueueSettings(
        aws_region="eu-central-1",
        aws_access_key_id="AKID",
        aws_secret_access_key="secret",
        queue_url_prefix=f"{world.queues.url}/000000000000/",
        queue_endpoint_url=world.queues.url,
    )
    administrator = appointed(world.owner, world.user("administrator"))
    wanted = Redrive(queue=queue, limit=10_000, reason="the cause is mended")
    moved = 0
    for _ in range(LETTERS):
        redriven = redrive_dead_letters(system_db, administrator, SqsDeadLetters.of(settings), wanted)
        moved += redriven.moved
        if redriven.is_empty:
            return moved
    raise AssertionError("the queue has no end")


def rows(owner: psycopg.Connection) -> dict[str, int]:
    """How many each table has."""
    found: dict[str, int] = {}
    for (table,) in owner.execute(_TABLES).fetchall():
        row = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        assert row is not None
        found[table] = row[0]
    return found


@pytest.mark.timeout(0)
def test_a_redriven_dead_letter_queue_adds_nothing_twice(
    world: Deployed, system_db: Database, providers: OpenAiLike, owner: psycopg.Connection, record_fault: Record
) -> None:
    capture(world, SESSIONS)
    world.asleep.update({"embed", "summarise"})
    world.work()
    world.asleep.clear()
    stuck = become_dead_letters(world, "embed")
    assert (stuck, unfinished(owner)) == (SESSIONS, SESSIONS)

    heal(owner)
    world.user("administrator")
    debits = rows(owner)["credit_ledger"]
    assert redrive_by_hand(world, system_db, "embed") == stuck
    world.work()
    assert outcomes(owner) == {("processed", None, 1): SESSIONS}
    assert rows(owner)["credit_ledger"] == debits

    before, requests, pushes = rows(owner), providers.requests, world.phones.accepted
    assert pushes == before["notifications"] >= SESSIONS
    letters = list(world.queues.sent)
    assert len(letters) >= LETTERS
    chance("letters").shuffle(letters)
    for queue, body in letters:
        world.queues.put(queue + DEAD, body)
    world.asleep.add("dead-letters")
    redriven = sum(world.queues.redrive(queue + DEAD) for queue in {queue for queue, _ in letters})
    assert world.work() == redriven == len(letters)
    assert (rows(owner), providers.requests, world.phones.accepted) == (before, requests, pushes)

    world.asleep.clear()
    for queue, body in letters:
        world.queues.put(queue + DEAD, body)
    world.work()
    assert (rows(owner), providers.requests, world.phones.accepted) == (before, requests, pushes)
    assert outcomes(owner) == {("processed", None, 1): SESSIONS}
    assert world.queues.left() == world.queues.left("object-created-dlq") == SESSIONS  # nobody buries a notice
    record_fault(
        FaultRow(
            place=7,
            fault="whole dead-letter queue redriven, and buried",
            size=f"{len(letters):,} dead letters, and {stuck:,} of steps that were not done",
            counted=f"{before['credit_ledger'] - before['users']:,} debits, {before['chunks']:,} chunks, "
            f"{requests:,} requests to providers, {pushes:,} pushes: none of them new",
            must_show="0 new debits, embeddings, pushes",
        )
    )

"""Nine of ten messages are done at once; the tenth, which no worker survives, becomes a dead letter and is refunded."""

from collections.abc import Iterator

import psycopg
import pytest

from dev.postgres import Postgres
from shared.ids import SessionId, UserId
from tests.fakes.openai_like import OpenAiLike
from tests.fixtures.captured import SIZE
from tests.fixtures.deployed import Deployed, deployed
from tests.fixtures.fault_table import FaultRow, Record, sized
from tests.fixtures.outcomes import outcomes
from tests.fixtures.poison import poison
from tests.fixtures.seeds import chance

BATCHES = sized(50, 1_000)
BATCH = 10
SESSIONS_PER_USER = 3
MAX_RECEIVES = 5


@pytest.fixture
def world(postgres: Postgres, database_name: str, owner: psycopg.Connection) -> Iterator[Deployed]:
    with OpenAiLike() as providers, deployed(postgres, database_name, owner, providers_url=providers.url) as the_world:
        yield the_world


def under_way(world: Deployed, sessions: int) -> None:
    """Sessions of one text each; their messages to embed and to summarise lie in the queues."""
    user_id: UserId | None = None
    for number in range(sessions):
        if user_id is None or number % SESSIONS_PER_USER == 0:
            user_id = world.backend.user(f"user-{number}")
        session_id: SessionId = world.backend.session(user_id)
        world.backend.marker(user_id, session_id)
        world.finalize(user_id, session_id)


def poisoned(world: Deployed, queue: str) -> int:
    """One message of each ten in that queue is poison from now on; how many are."""
    messages = world.queues.queues[queue]
    dice = chance("poison")
    chosen = [dice.choice(messages[start : start + BATCH]) for start in range(0, len(messages), BATCH)]
    poison(world.owner, [message.body for message in chosen])
    return len(chosen)


@pytest.mark.timeout(0)
def test_nine_of_ten_are_done_and_the_tenth_is_a_dead_letter_and_refunded(
    world: Deployed, owner: psycopg.Connection, record_fault: Record
) -> None:
    under_way(world, BATCHES * BATCH)
    bad = poisoned(world, "embed")
    assert bad == BATCHES

    for _ in range(BATCHES):
        assert world.deliver("embed", "embed", BATCH) == BATCH
    assert world.queues.left("embed") == bad
    for receives in range(2, MAX_RECEIVES + 1):
        world.queues.now += 1_801  # the visibility timeout: nothing but the clock brings them back
        assert world.deliver("embed", "embed", bad) == bad
        assert {message.receives for message in world.queues.queues["embed"]} == {receives}
    world.queues.now += 1_801
    assert world.deliver("embed", "embed", bad) == 0
    assert (world.queues.left("embed"), world.queues.left("embed-dlq")) == (0, bad)

    world.work()
    assert world.queues.left() == 0
    done = BATCHES * BATCH - bad
    assert outcomes(owner) == {("failed", "embed_failed: gave_up", 0): bad, ("processed", None, 1): done}
    record_fault(
        FaultRow(
            place=5,
            fault="poison in a batch of 10",
            size=f"{BATCHES:,} batches",
            counted=f"{done:,} processed, {bad:,} dead letters after {MAX_RECEIVES} receives, {bad:,} refunds",
            must_show="9 done, 1 dead-lettered after maxReceiveCount, refunded",
        )
    )


def test_an_unreadable_notice_does_not_keep_the_other_nine_of_its_batch_back(
    world: Deployed, owner: psycopg.Connection
) -> None:
    user_id = world.backend.user()
    session_id = world.backend.session(user_id)
    for number in range(BATCH):
        if number == 4:
            world.queues.put("object-created", '{"Records": "poison"}')
        else:
            world.upload(world.declare(user_id, session_id, b"x" * SIZE), b"x" * SIZE)
    for _ in range(MAX_RECEIVES):
        world.work()
        world.queues.now += 1_801
    world.work()
    assert owner.execute("SELECT status, count(*) FROM media_files GROUP BY 1").fetchall() == [("uploaded", BATCH - 1)]
    assert (world.queues.left(), world.queues.left("object-created-dlq")) == (1, 1)

"""Three of ten answers of every provider go wrong: each session is processed, or has failed and was refunded."""

from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from dev.postgres import Postgres
from shared.media.model import MediaType
from tests.fakes.faulty_providers import FAULTS, FaultyProviders, faulty_providers
from tests.fixtures.deployed import Deployed, deployed
from tests.fixtures.fault_table import FaultRow, Record, sized
from tests.fixtures.impatient import impatient
from tests.fixtures.outcomes import outcomes, unfinished
from tests.fixtures.pictures import picture
from tests.fixtures.recordings import recording
from tests.fixtures.seeds import chance

SESSIONS = sized(200, 10_000)
SESSIONS_PER_USER = 3
SHARE = 0.3
PATIENCE_SECONDS = 0.5
WORKERS = ("transcribe", "describe-image", "embed", "summarise")


@pytest.fixture
def providers() -> Iterator[FaultyProviders]:
    with faulty_providers(chance("providers"), SHARE) as the_providers:
        yield the_providers


@pytest.fixture
def world(
    postgres: Postgres, database_name: str, owner: psycopg.Connection, providers: FaultyProviders
) -> Iterator[Deployed]:
    with deployed(postgres, database_name, owner, providers_url=providers.url) as the_world:
        with impatient(PATIENCE_SECONDS):
            for name in WORKERS:
                the_world.function(name)
        yield the_world


def capture(world: Deployed, sessions: int) -> None:
    """A recording, or a recording and a picture, or a picture and a text, each uploaded before or after finalizing."""
    sound, image = recording("wav", seconds=0.1), picture()
    for number in range(sessions):
        user_id = world.backend.user(f"user-{number // SESSIONS_PER_USER}")
        session_id = world.backend.session(user_id)
        files = [(sound, MediaType.AUDIO)] * (number % 3 != 2) + [(image, MediaType.IMAGE)] * (number % 3 != 0)
        declared = [(world.declare(user_id, session_id, content, kind), content) for content, kind in files]
        if number % 3 == 2:
            world.backend.marker(user_id, session_id)
        if number % 2:
            world.finalize(user_id, session_id)
        for media, content in declared:
            world.upload(media, content)
        if not number % 2:
            world.finalize(user_id, session_id)


@pytest.mark.timeout(0)
def test_every_session_is_processed_or_failed_and_refunded(
    world: Deployed, providers: FaultyProviders, owner: psycopg.Connection, record_fault: Record
) -> None:
    capture(world, SESSIONS)
    sweeps = world.settle(lambda: unfinished(owner) == 0)
    world.work()

    ended = Counter[str]()
    for (status, reason, paid), sessions in outcomes(owner).items():
        assert (status, paid) in {("processed", 1), ("failed", 0)}
        assert (reason is None) == (status == "processed")
        ended[status] += sessions
    assert ended.total() == SESSIONS
    assert owner.execute("SELECT count(*) FROM outbox WHERE published_at IS NULL").fetchone() == (0,)
    assert set(FAULTS) < set(providers.happened)
    asked = providers.happened.total()
    faults = asked - providers.happened["well"]
    record_fault(
        FaultRow(
            place=3,
            fault="provider: reset, timeout, 429, 5xx, malformed at random 30 %",
            size=f"{SESSIONS:,} sessions",
            counted=f"{asked:,} requests, {faults:,} faults of {len(FAULTS)} kinds, {ended['processed']:,} processed, "
            f"{ended['failed']:,} failed and refunded, after {sweeps} sweeps",
            must_show="all processed, or failed + refunded",
        )
    )

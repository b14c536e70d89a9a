"""Files that are not what they claim: each gets a reason and its credit back, in bounded time and memory."""

import wave
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

import psycopg
import pytest

from dev.postgres import Postgres
from shared.media.model import MediaType
from tests.fakes.small_server import Asked, Told, small_server
from tests.fixtures.deployed import Deployed, deployed
from tests.fixtures.fault_table import FaultRow, Record, is_soak
from tests.fixtures.function_here import FunctionHere
from tests.fixtures.measured_child import Took, in_measured_child
from tests.fixtures.media_corpus import BadMedia, bad_media, mutations
from tests.fixtures.seeds import seed_of_this_run

DAMAGED = 500
AT_THE_DOOR = {"size_differs"}
"""Found when the object arrives, before anybody reads it."""
MOST_SECONDS = 60
MOST_BYTES = 1_000_000_000
READERS = {MediaType.AUDIO: "transcribe", MediaType.IMAGE: "describe-image"}

_STATE = """
SELECT s.status, s.failure_reason, f.status, f.reason, u.credits
FROM sessions s JOIN media_files f ON f.user_id = s.user_id AND f.session_id = s.id JOIN users u ON u.id = s.user_id
WHERE s.user_id = %s
"""


def hears_and_sees_nothing(asked: Asked) -> Told:
    """A provider to whom a file that should not have come so far says nothing."""
    if asked.path.endswith("transcriptions"):
        return Told(body=b'{"text": "", "segments": [], "duration": 0}')
    return Told(body=b'{"choices": [{"message": {"content": "{\\"caption\\": \\"\\", \\"text\\": \\"\\"}"}}]}')


@pytest.fixture
def world(postgres: Postgres, database_name: str, owner: psycopg.Connection) -> Iterator[Deployed]:
    with (
        small_server(hears_and_sees_nothing) as url,
        deployed(postgres, database_name, owner, providers_url=url) as the_world,
    ):
        yield the_world


@pytest.fixture
def readers(world: Deployed) -> dict[str, FunctionHere]:
    """Never called in this process: a child inherits them without a connection."""
    return {name: world.built(name, world.addresses) for name in READERS.values()}


def silence(seconds: int) -> bytes:
    written = BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(b"\0" * seconds * 32_000)
    return written.getvalue()


def files() -> list[BadMedia]:
    """Those of the corpus, and two that no look into the file alone finds."""
    damaged = mutations(seed_of_this_run(), DAMAGED) if is_soak() else ()
    silent = BadMedia(name="silence", type=MediaType.AUDIO, data=silence(60), reasons=frozenset({"no_speech"}))
    empty = BadMedia(name="nothing", type=MediaType.IMAGE, data=b"", reasons=frozenset(AT_THE_DOOR))
    return [silent, empty, *bad_media(seed_of_this_run()), *damaged]


def read_in_a_child(world: Deployed, readers: dict[str, FunctionHere], queue: str) -> Took | None:
    """What its reader makes of the file; None when it never came to a reader."""
    messages = world.queues.receive(queue, 1)
    if not messages:
        return None
    event = world.queues.event(queue, messages)
    took = in_measured_child(lambda: readers[queue](event), more_bytes=MOST_BYTES)
    if took.answer == {"batchItemFailures": []}:
        world.queues.delete(queue, [message.id for message in messages])
    return took


@pytest.mark.timeout(0)
def test_a_bad_file_gets_a_reason_and_its_credit_back_within_a_minute_and_a_gigabyte(
    world: Deployed, readers: dict[str, FunctionHere], owner: psycopg.Connection, record_fault: Record
) -> None:
    world.asleep.update(READERS.values())
    reasons, slowest, largest = Counter[str](), 0.0, 0
    corpus = files()
    for number, bad in enumerate(corpus):
        user_id = world.backend.user(f"user-{number}")
        session_id = world.backend.session(user_id)
        media = world.declare(user_id, session_id, bad.data, bad.type)
        world.upload(media, bad.data)
        world.finalize(user_id, session_id)
        world.work()
        took = read_in_a_child(world, readers, READERS[bad.type])
        world.work()
        if took is not None:
            assert took.answer == {"batchItemFailures": []}, bad
            assert took.seconds <= MOST_SECONDS, bad
            assert took.peak_bytes <= MOST_BYTES, bad
            slowest, largest = max(slowest, took.seconds), max(largest, took.peak_bytes)
        row = owner.execute(_STATE, [user_id]).fetchone()
        assert row is not None
        session_status, session_reason, file_status, file_reason, credits_left = row
        assert (session_status, file_status, credits_left) == ("failed", "rejected", 3), (bad, row)
        assert session_reason, bad
        assert not bad.reasons or file_reason in bad.reasons | AT_THE_DOOR, (bad, row)
        reasons[file_reason] += 1
    assert world.queues.left() == 0
    assert None not in reasons
    record_fault(
        FaultRow(
            place=6,
            fault="media: empty, cut, silent, wrong magic, 10 h claimed, playlist in disguise, huge picture, bombs",
            size=f"{len(corpus)} files",
            counted=f"{', '.join(f'{count} {reason}' for reason, count in sorted(reasons.items()))}; at most "
            f"{slowest:.1f} s and {largest / 1e6:.0f} MB",
            must_show="reason given, refund, each <= 60 s and <= 1 GB",
        )
    )

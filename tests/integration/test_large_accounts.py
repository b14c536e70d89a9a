"""Large accounts: what a worker holds does not grow with them, and what is brought back is made findable at a pace."""

import os
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import IO

import psycopg

from shared.ids import UserId
from shared.media.model import DownloadedObject, ObjectFacts
from shared.media.parts import StoredPart
from shared.takeout.bring_sessions import AT_ONCE, ONE_EACH
from shared.takeout.model import EXPORT_QUEUE, TransferState
from shared.takeout.read_export import read_export
from shared.takeout.start_export import start_export
from tests.fakes.memory_store import MemoryStore
from tests.fixtures.captured import Backend
from tests.fixtures.taking_out import Traveller, deliver, files_of, rows_of

MEBIBYTE = 1024 * 1024
FILLING = os.urandom(MEBIBYTE)
MANY = 1_000


@dataclass(kw_only=True)
class Bottomless(MemoryStore):
    """Every recording has `file_bytes`, made as it is read; of what is written, only how much is remembered."""

    file_bytes: int = 0
    written: Counter[str] = field(default_factory=Counter[str])

    def download(self, object_key: str, *, etag: str | None, to: IO[bytes], max_bytes: int) -> DownloadedObject:  # noqa: ARG002 - the Protocol has them
        for _ in range(self.file_bytes // MEBIBYTE):
            to.write(FILLING)
        return DownloadedObject(size_bytes=self.file_bytes, sha256="")

    def write(self, object_key: str, data: bytes, *, content_type: str) -> None:  # noqa: ARG002 - the Protocol has them
        self.written[object_key] += len(data)

    def write_part(self, object_key: str, upload_id: str, number: int, data: bytes) -> StoredPart:  # noqa: ARG002 - the Protocol has them
        self.written[object_key] += len(data)
        return StoredPart(number=number, size_bytes=len(data), etag="e", sha256=None)

    def join_parts(self, object_key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:  # noqa: ARG002 - the Protocol has them
        assert sum(part.size_bytes for part in parts) == self.written[object_key]

    def look(self, object_key: str) -> ObjectFacts | None:
        return ObjectFacts(size_bytes=self.written[object_key], etag="e")


def generate(owner: psycopg.Connection, user_id: UserId, *, sessions: int, file_bytes: int = 0) -> None:
    """Processed sessions of one note each, and with `file_bytes` a recording each."""
    owner.execute(
        """
        INSERT INTO sessions (user_id, id, session_type, language, status, title, finalized_as)
        SELECT %s, gen_random_uuid(), 'mixed', 'en', 'processed', 'Session ' || n, 'pending_processing'
        FROM generate_series(1, %s) AS n
        """,
        [user_id, sessions],
    )
    owner.execute(
        """
        INSERT INTO session_blocks (user_id, id, session_id, block_type, text_content, text_origin)
        SELECT user_id, gen_random_uuid(), id, 'marker', 'A note of ' || title, 'user'
        FROM sessions
        WHERE user_id = %s
        """,
        [user_id],
    )
    if file_bytes:
        owner.execute(
            """
            INSERT INTO media_files
              (user_id, id, session_id, type, object_key, content_type, size_bytes, status, uploaded_at)
            SELECT user_id, gen_random_uuid(), id, 'audio', 'sessions/' || id, 'audio/wav', %s, 'uploaded', now()
            FROM sessions
            WHERE user_id = %s
            """,
            [file_bytes, user_id],
        )


def peak_of(work: Callable[[], object]) -> int:
    """Bytes that Python held at most while it worked."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_many_sessions_come_back_in_portions_and_are_embedded_at_a_pace(
    backend: Backend, owner: psycopg.Connection
) -> None:
    alice = Traveller(backend=backend, user_id=backend.user("alice"))
    bob = Traveller(backend=backend, user_id=backend.user("bob"))
    generate(owner, alice.user_id, sessions=MANY)
    content = alice.export()
    assert len(rows_of(content, "sessions")) == MANY
    assert sum(path.startswith("notes/") for path in files_of(content)) == MANY
    backend.queue.clear()
    brought = bob.bring(content)
    assert (brought.state, brought.counts["sessions"], brought.counts["blocks"]) == (
        TransferState.COMPLETED,
        MANY,
        MANY,
    )
    assert backend.queue.names().count("embed") == AT_ONCE
    due = owner.execute(
        """
        SELECT count(*), max(due_at) - min(changed_at)
        FROM job_steps
        WHERE user_id = %s AND state = 'ready' AND due_at IS NOT NULL AND announced_at IS NULL
        """,
        [bob.user_id],
    ).fetchone()
    assert due is not None
    assert due[0] == MANY - AT_ONCE
    assert timedelta(0) < due[1] - (MANY - AT_ONCE) * ONE_EACH < timedelta(seconds=60)


def test_a_worker_holds_no_more_of_a_large_account_than_of_a_small_one(
    backend: Backend, owner: psycopg.Connection
) -> None:
    peaks: dict[int, int] = {}
    for files in (10, 60):
        user_id = backend.user(f"user-{files}")
        generate(owner, user_id, sessions=files, file_bytes=2 * MEBIBYTE)
        store = Bottomless(file_bytes=2 * MEBIBYTE)
        start_export(backend.db, backend.queue, user_id)
        [entry] = [entry for entry in backend.queue.sent if entry[0] == EXPORT_QUEUE]
        backend.queue.clear()
        peaks[files] = peak_of(partial(deliver, Backend(db=backend.db, queue=backend.queue, store=store), *entry))
        found = read_export(backend.db, store, backend.queue, user_id).transfer
        assert (found.state, found.counts["bytes"]) == (TransferState.READY, files * 2 * MEBIBYTE)
    assert peaks[60] < peaks[10] + MEBIBYTE
    assert peaks[60] < 40 * MEBIBYTE

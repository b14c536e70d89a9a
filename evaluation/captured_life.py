"""Puts an invented life through the pipeline: its notes are captured, finalized and embedded as a phone's would be.

What a phone cannot say is written past the use cases: the credits, and the times of what was "heard".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg
from psycopg.types.json import Jsonb

from evaluation.corpus_model import Life, Note
from shared.account.admit_caller import Arrival, admit_caller
from shared.ai.capabilities import Embedder
from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.enrichment.embed_session import embed_session
from shared.ids import BlockId, SessionId, StepId, UserId
from shared.outbox.message import StepBody
from shared.sessions.add_blocks import add_blocks
from shared.sessions.create_session import create_session
from shared.sessions.finalize_session import finalize_session
from shared.sessions.model import NewBlock, SessionType
from tests.fakes.memory_queue import MemoryQueue

_CREDITS = 10_000


@dataclass(frozen=True, kw_only=True)
class CapturedLife:
    """A life that is somebody's notes now."""

    life: Life
    user_id: UserId
    notes: Mapping[str, Note]

    def note_of(self, block_id: BlockId) -> str:
        """The note a block of theirs was made of, by its id."""
        return self._by_block[block_id]

    @cached_property
    def _by_block(self) -> dict[UUID, str]:
        return {_id(note_id): note_id for note_id in self.notes}


def capture_life(
    db: Database, owner: psycopg.Connection, embedder: Embedder, life: Life, *, others: Sequence[Note] = ()
) -> CapturedLife:
    """The life as a user with all its notes findable; `others` are notes put in among its own."""
    user_id = admit_caller(db, Arrival(firebase_uid=f"life-{life.id}", email=None)).user.id
    owner.execute(
        "UPDATE users SET credits = %s, preferred_language = %s, time_zone = %s WHERE id = %s",
        [_CREDITS, life.language, life.time_zone, user_id],
    )
    queue = MemoryQueue()
    all_notes = [*life.notes, *others]
    for session, notes in _sessions(all_notes):
        _capture(db, owner, queue, user_id, session, notes, time_zone=life.time_zone)
    for message in queue.sent_to("embed"):
        step = StepBody.model_validate(message.body)
        embed_session(db, queue, Embedders(embedder), user_id=user_id, step_id=StepId(step.step_id))
    return CapturedLife(life=life, user_id=user_id, notes={note.id: note for note in all_notes})


def _sessions(notes: Iterable[Note]) -> Iterable[tuple[str, list[Note]]]:
    ordered = sorted(notes, key=lambda note: (note.session, note.captured_at))
    return ((session, list(of_session)) for session, of_session in groupby(ordered, key=lambda note: note.session))


def _capture(
    db: Database,
    owner: psycopg.Connection,
    queue: MemoryQueue,
    user_id: UserId,
    session: str,
    notes: Sequence[Note],
    *,
    time_zone: str,
) -> None:
    session_id = SessionId(_id(session))
    create_session(
        db,
        user_id,
        session_id=session_id,
        session_type=SessionType.MIXED,
        language=notes[0].language,
        title=None,
    )
    owner.execute("UPDATE sessions SET time_zone = %s WHERE id = %s", [time_zone, session_id])
    add_blocks(db, user_id, session_id, [_block(note) for note in notes])
    for note in notes:
        owner.execute(
            "UPDATE session_blocks SET segments = %s WHERE id = %s",
            [Jsonb([asdict(segment) for segment in note.segments]), _id(note.id)],
        )
    finalize_session(db, queue, user_id, session_id, ai=True)


def _block(note: Note) -> NewBlock:
    return NewBlock(
        id=BlockId(_id(note.id)),
        block_type=note.kind,
        text_content=note.text,
        media_id=None,
        metadata={},
        captured_at=note.captured_at,
    )


def _id(name: str) -> UUID:
    """The id an invented thing always has."""
    return uuid5(NAMESPACE_URL, f"corpus/{name}")

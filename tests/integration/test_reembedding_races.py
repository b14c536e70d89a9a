"""Users are moved while they note, edit, delete and search: whoever comes first, nothing is lost and nothing mixed."""

from collections.abc import Callable
from functools import partial

import psycopg
import pytest

from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.enrichment.embed_session import embed_session
from shared.errors import Busy
from shared.ids import SessionId, UserId
from shared.reembedding import read_portion
from shared.reembedding.reembed_users import reembed_users
from shared.sessions.delete_session import delete_session
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import Backend
from tests.fixtures.crowds import Crowd
from tests.fixtures.moving import NEW, OLD, PLENTY, Moving, SpaceOfItsOwn

ROUNDS = 6
WRITERS = 3


@pytest.fixture
def moving(backend: Backend, system_db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> Moving:
    monkeypatch.setattr(read_portion, "BATCH_TEXTS", 2)
    return Moving(backend=backend, system_db=system_db, owner=owner)


def captured(moving: Moving, user_id: UserId, text: str) -> SessionId:
    """Finalized; its embed step waits for a worker."""
    session_id = moving.backend.session(user_id)
    moving.backend.marker(user_id, session_id, text)
    moving.pipeline().finalize(user_id, session_id)
    return session_id


def embeds(moving: Moving, user_id: UserId, session_id: SessionId) -> Callable[[Database], object]:
    """The embed worker at its session's newest step, whose message comes back as often as it must."""
    step = [step for step in moving.backend.read(user_id, session_id).steps if step.kind == "embed"][-1]
    embedders = Embedders(SpaceOfItsOwn(NEW), SpaceOfItsOwn(OLD))

    def work(db: Database) -> None:
        for _ in range(5):
            try:
                embed_session(db, MemoryQueue(), embedders, user_id=user_id, step_id=step.id)
            except Busy:
                continue
            return
        raise AssertionError("the step came back five times")

    return work


def moves(moving: Moving) -> Callable[[Database], object]:
    """The job, with the connection of its own role."""
    embedders = Embedders(SpaceOfItsOwn(NEW), SpaceOfItsOwn(OLD))
    return lambda _: reembed_users(moving.system_db, embedders, tokens_a_day=PLENTY)


def test_a_note_embedded_while_its_user_is_moved_is_in_the_model_they_are_searched_by(
    moving: Moving, many: Crowd
) -> None:
    for round_ in range(ROUNDS):
        user_id = moving.user(f"Note {round_} a.", f"Note {round_} b.")
        texts = [f"New {round_} {writer}." for writer in range(WRITERS)]
        sessions = [captured(moving, user_id, text) for text in texts]
        many.all_at_once([*(embeds(moving, user_id, session) for session in sessions), moves(moving)])
        current = moving.model(user_id)
        wanted = sorted([f"Note {round_} a.", f"Note {round_} b.", *texts])
        assert moving.texts(user_id)[current] == wanted
        assert moving.is_consistent(user_id)
        assert [moving.finds(user_id, text) for text in wanted] == [[text] for text in wanted]
        moving.run()
        moving.clear()
        assert moving.texts(user_id) == {NEW: wanted}
        assert moving.is_consistent(user_id)


def test_edits_deletes_and_searches_at_once_with_a_move_leave_what_the_edits_said(moving: Moving, many: Crowd) -> None:
    for round_ in range(ROUNDS):
        kept, gone, changed = f"Kept {round_}.", f"Gone {round_}.", f"Before {round_}."
        user_id = moving.user(kept, gone, changed)
        sessions = moving.sessions(user_id)
        moving.edit(user_id, sessions[2], f"After {round_}.", embeds=False)

        def delete(db: Database, user_id: UserId = user_id, session_id: SessionId = sessions[1]) -> None:
            delete_session(db, MemoryQueue(), user_id, session_id)

        def search(_: Database, user_id: UserId = user_id, text: str = kept) -> None:
            assert moving.finds(user_id, text) == [text]

        edit = embeds(moving, user_id, sessions[2])
        many.all_at_once([edit, partial(delete), partial(search), moves(moving)])
        moving.backend.queue.sent.clear()
        moving.run()
        moving.clear()
        assert moving.texts(user_id) == {NEW: sorted([kept, f"After {round_}."])}
        assert moving.is_consistent(user_id)

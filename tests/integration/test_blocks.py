"""Blocks: added while a session is open, all or none; edited and deleted when no worker is at it."""

from functools import partial

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import BlockId, SessionId, UserId, new_id
from shared.media.model import MediaType
from shared.sessions.add_blocks import add_blocks
from shared.sessions.delete_block import delete_block
from shared.sessions.edit_block import edit_block
from shared.sessions.finalize_session import finalize_session
from shared.sessions.model import Block, BlockType, NewBlock, SessionStatus
from shared.sessions.receive_upload import receive_upload
from tests.fixtures.captured import FACTS, Backend, complete, count_of
from tests.fixtures.crowds import Crowd

MARKER, VOICE, IMAGE = BlockType.MARKER, BlockType.VOICE, BlockType.IMAGE


def new(text: str = "t", block_id: BlockId | None = None) -> NewBlock:
    return NewBlock(id=block_id, block_type=MARKER, text_content=text, media_id=None, metadata={}, captured_at=None)


def processed(backend: Backend, user_id: UserId) -> tuple[SessionId, Block]:
    session_id = backend.session(user_id)
    block = backend.marker(user_id, session_id)
    backend.marker(user_id, session_id, "Another.")
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    for step in backend.read(user_id, session_id).steps:
        complete(backend.db, user_id, step.id)
    assert backend.status(user_id, session_id) is SessionStatus.PROCESSED
    backend.queue.clear()
    return session_id, block


def test_all_blocks_of_a_list_are_added_or_none(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    elsewhere = backend.marker(user_id, backend.session(user_id))
    session_id = backend.session(user_id)
    with pytest.raises(Conflict) as conflict:
        add_blocks(backend.db, user_id, session_id, [new("a"), new("b", elsewhere.id), new("c")])
    assert conflict.value.exact_code == "block_exists"
    assert count_of(owner, "session_blocks", user_id) == 1


def test_repeats_at_once_store_each_block_once(backend: Backend, many: Crowd, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    blocks = [new(str(number), BlockId(new_id())) for number in range(10)]

    def add(db: Database) -> tuple[list[Block], bool]:
        return add_blocks(db, user_id, session_id, blocks)

    answers = many.all_at_once([add] * 20)
    assert sum(is_new for _, is_new in answers) == 1
    assert all(stored == answers[0][0] for stored, _ in answers)
    assert count_of(owner, "session_blocks", user_id) == 10


def test_after_finalize_a_repeat_is_answered_and_anything_new_is_refused(backend: Backend) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    known = new("a", BlockId(new_id()))
    stored, _ = add_blocks(backend.db, user_id, session_id, [known])
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    assert add_blocks(backend.db, user_id, session_id, [known]) == (stored, False)
    for blocks in ([new("b")], [known, new("b")], [known, new("b", BlockId(new_id()))]):
        with pytest.raises(Conflict) as conflict:
            add_blocks(backend.db, user_id, session_id, blocks)
        assert conflict.value.exact_code == "session_not_open"


def test_blocks_and_finalize_that_race_leave_no_block_behind(backend: Backend, many: Crowd) -> None:
    """Either the block is in the session that was finalized, or its sender was told."""
    user_id = backend.user()
    for _ in range(10):
        session_id = backend.session(user_id)
        backend.marker(user_id, session_id)

        def add(db: Database, session_id: SessionId = session_id) -> bool:
            try:
                return add_blocks(db, user_id, session_id, [new()])[1]
            except Conflict:
                return False

        def close(db: Database, session_id: SessionId = session_id) -> bool:
            finalize_session(db, backend.queue, user_id, session_id, ai=False)
            return False

        added = sum(many.all_at_once([add, add, close, add]))
        assert len(backend.read(user_id, session_id).blocks) == 1 + added


def test_media_of_another_session_or_user_cannot_be_named(backend: Backend) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    session_id = backend.session(alice)
    elsewhere = backend.media(alice, backend.session(alice))
    others = backend.media(bob, backend.session(bob))
    for media_id in (elsewhere.id, others.id, new_id()):
        with pytest.raises(NotFound):
            backend.block(alice, session_id, VOICE, media_id=media_id)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("media_type", "wrong"), [("audio", IMAGE), ("audio", MARKER), ("image", VOICE)])
def test_a_block_names_media_of_its_own_kind_only(backend: Backend, media_type: str, wrong: BlockType) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id, MediaType(media_type))
    with pytest.raises(Invalid):
        backend.block(user_id, session_id, wrong, media_id=media.id)


def test_the_apps_own_block_takes_the_place_of_the_one_made_at_upload(backend: Backend) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id)
    with backend.db.transaction(user_id) as tx:
        receive_upload(tx, user_id, media.id, FACTS)
    assert [block.media_id for block in backend.read(user_id, session_id).blocks] == [media.id]
    mine = backend.block(user_id, session_id, VOICE, media_id=media.id, block_id=new_id())
    assert [block.id for block in backend.read(user_id, session_id).blocks] == [mine.id]
    with pytest.raises(Conflict):
        backend.block(user_id, session_id, VOICE, media_id=media.id)


def test_the_apps_block_named_before_the_upload_stays_the_only_one(backend: Backend) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id)
    mine = backend.block(user_id, session_id, VOICE, media_id=media.id)
    with backend.db.transaction(user_id) as tx:
        receive_upload(tx, user_id, media.id, FACTS)
    assert [block.id for block in backend.read(user_id, session_id).blocks] == [mine.id]


def test_the_same_ids_of_two_users_never_meet(backend: Backend) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    session_id, block_id = SessionId(new_id()), new_id()
    for user_id, text in ((alice, "of alice"), (bob, "of bob")):
        assert backend.session(user_id, session_id) == session_id
        backend.block(user_id, session_id, MARKER, text=text, block_id=block_id)
    finalize_session(backend.db, backend.queue, alice, session_id, ai=True)
    assert backend.status(bob, session_id) is SessionStatus.OPEN
    delete_block(backend.db, bob, session_id, BlockId(block_id))
    assert [block.text_content for block in backend.read(alice, session_id).blocks] == ["of alice"]


def test_an_edit_of_a_processed_session_embeds_just_that_block_again(
    backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id, block = processed(backend, user_id)
    edited = edit_block(backend.db, backend.queue, user_id, session_id, block.id, text="New words.", metadata=None)
    assert (edited.text_content, edited.text_origin) == ("New words.", "user")
    assert backend.queue.names() == ["embed"]
    again = [step for step in backend.read(user_id, session_id).steps if step.block_id is not None]
    assert [(step.kind, step.block_id, step.state) for step in again] == [("embed", block.id, "ready")]
    step_id = str(again[0].id)
    assert backend.queue.sent_to("embed")[0].body == {"step_id": step_id}

    backend.claim(user_id, again[0].id)
    assert owner.execute("SELECT status FROM ai_jobs").fetchall() == [("completed",)]

    # Edited again, before and after the worker came: the same step, set going again.
    edit_block(backend.db, backend.queue, user_id, session_id, block.id, text="Newer.", metadata=None)
    complete(backend.db, user_id, again[0].id)
    assert owner.execute("SELECT status FROM ai_jobs").fetchall() == [("completed",)]
    edit_block(backend.db, backend.queue, user_id, session_id, block.id, text="Newest.", metadata=None)
    assert [m.body["step_id"] for m in backend.queue.sent_to("embed")] == [step_id] * 3
    assert backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_an_edit_of_metadata_or_of_an_open_session_embeds_nothing(backend: Backend) -> None:
    user_id = backend.user()
    session_id, block = processed(backend, user_id)
    open_session = backend.session(user_id)
    marker = backend.marker(user_id, open_session)
    change = partial(edit_block, backend.db, backend.queue, user_id)
    assert change(session_id, block.id, text=None, metadata={"a": 1}).metadata == {"a": 1}
    assert change(open_session, marker.id, text="x", metadata=None).text_content == "x"
    assert backend.queue.sent == []


def test_blocks_stay_as_they_are_while_workers_are_at_them(backend: Backend) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    block = backend.marker(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    with pytest.raises(Conflict):
        edit_block(backend.db, backend.queue, user_id, session_id, block.id, text="x", metadata=None)
    with pytest.raises(Conflict):
        delete_block(backend.db, user_id, session_id, block.id)


def test_a_block_of_another_session_is_not_found_in_this_one(backend: Backend) -> None:
    user_id = backend.user()
    elsewhere = backend.marker(user_id, backend.session(user_id))
    session_id = backend.session(user_id)
    with pytest.raises(NotFound):
        edit_block(backend.db, backend.queue, user_id, session_id, elsewhere.id, text="x", metadata=None)
    with pytest.raises(NotFound):
        delete_block(backend.db, user_id, session_id, elsewhere.id)

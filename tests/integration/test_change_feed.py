"""The feed of changes: in the order of commits, nothing skipped, nothing twice, and what is gone is told as gone."""

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import Invalid, NotFound
from shared.ids import UserId, new_id
from shared.media.model import MediaFile, MediaType
from shared.sessions.add_blocks import add_blocks
from shared.sessions.delete_block import delete_block
from shared.sessions.delete_session import delete_session
from shared.sessions.edit_block import edit_block
from shared.sessions.edit_session import edit_session
from shared.sessions.model import Block, BlockType, NewBlock, Session, SessionStatus
from shared.sessions.register_upload import register_upload
from shared.sync.model import FeedPosition, weight
from shared.sync.read_changes import read_changes
from tests.fixtures.captured import FACTS, Backend, count_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.follower import Follower, everything
from tests.fixtures.pictures import picture
from tests.fixtures.recordings import recording


@pytest.fixture
def alice(backend: Backend) -> UserId:
    return backend.user("alice")


@pytest.fixture
def phone(db: Database, alice: UserId) -> Follower:
    return Follower(db=db, user_id=alice)


def captured(backend: Backend, user_id: UserId) -> tuple[Session, Block, MediaFile]:
    session_id = backend.session(user_id)
    block = backend.marker(user_id, session_id)
    backend.media(user_id, session_id)
    whole = backend.read(user_id, session_id)
    return whole.session, block, whole.media[0]


def test_what_is_captured_is_told_once_and_then_nothing_until_something_changes(
    backend: Backend, alice: UserId, phone: Follower
) -> None:
    assert phone.catch_up() == []
    session, block, media = captured(backend, alice)
    assert phone.catch_up() == [("session", session.id), ("block", block.id), ("media", media.id)]
    assert phone.copy == {("session", session.id): session, ("block", block.id): block, ("media", media.id): media}
    before = phone.position
    assert phone.catch_up() == []
    assert phone.position == before
    edit_session(backend.db, alice, session.id, title="Monday", language=None)
    assert phone.catch_up() == [("session", session.id)]


def test_a_phone_that_asks_from_the_beginning_is_told_everything_as_it_is_now(
    backend: Backend, alice: UserId, phone: Follower, owner: psycopg.Connection
) -> None:
    all_captured = [captured(backend, alice) for _ in range(5)]
    for session, block, _ in all_captured:
        edit_block(backend.db, backend.queue, alice, session.id, block.id, text="Changed.", metadata=None)
    delete_session(backend.db, backend.queue, alice, all_captured[0][0].id)
    told = phone.catch_up(limit=2)
    assert len(told) == len(set(told)) == 15
    assert phone.living() == everything(owner, backend.db, alice)
    assert len(phone.living()) == 12


def test_the_state_the_transcript_and_the_summary_come_through_the_feed(
    backend: Backend, alice: UserId, phone: Follower
) -> None:
    pipeline = Pipeline(backend=backend)
    session_id = backend.session(alice)
    for content, media_type in ((recording(), MediaType.AUDIO), (picture(), MediaType.IMAGE)):
        pipeline.upload(alice, session_id, content, media_type)
    phone.catch_up()
    pipeline.finalize(alice, session_id)
    assert phone.catch_up() == [("session", session_id)]
    pipeline.work_off()
    told = phone.catch_up()
    whole = backend.read(alice, session_id)
    assert whole.session.status is SessionStatus.PROCESSED
    assert whole.session.ai_summary
    assert all(block.text_content for block in whole.blocks)
    assert {("session", session_id), *(("block", block.id) for block in whole.blocks)} <= set(told)
    assert phone.copy[("session", session_id)] == whole.session
    for block in whole.blocks:
        assert phone.copy[("block", block.id)] == block


def test_a_session_that_failed_is_told_with_its_reason(backend: Backend, alice: UserId, phone: Follower) -> None:
    pipeline = Pipeline(backend=backend)
    session_id = backend.session(alice)
    pipeline.upload(alice, session_id, b"no sound at all", MediaType.AUDIO)
    pipeline.finalize(alice, session_id)
    phone.catch_up()
    pipeline.work_off()
    phone.catch_up()
    session = phone.copy[("session", session_id)]
    assert isinstance(session, Session)
    assert (session.status, session.failure_reason) == (SessionStatus.FAILED, "nothing_usable")
    (media,) = [body for body in phone.copy.values() if isinstance(body, MediaFile)]
    assert media.reason == "not_audio"


def test_what_goes_with_a_deleted_session_is_told_as_gone(backend: Backend, alice: UserId, phone: Follower) -> None:
    session, block, media = captured(backend, alice)
    kept = backend.session(alice)
    phone.catch_up()
    delete_session(backend.db, backend.queue, alice, session.id)
    gone = [("block", block.id), ("media", media.id), ("session", session.id)]
    assert phone.catch_up() == gone
    assert [phone.copy[place] for place in gone] == [None] * 3
    assert list(phone.living()) == [("session", kept)]


def test_a_deleted_block_is_told_as_gone_and_its_file_as_rejected(
    backend: Backend, alice: UserId, phone: Follower
) -> None:
    session_id = backend.session(alice)
    media = backend.media(alice, session_id)
    register_upload(backend.db, backend.queue, media.object_key, FACTS)
    block = backend.read(alice, session_id).blocks[0]
    phone.catch_up()
    delete_block(backend.db, alice, session_id, block.id)
    assert phone.catch_up() == [("block", block.id), ("media", media.id)]
    rejected = phone.copy[("media", media.id)]
    assert isinstance(rejected, MediaFile)
    assert rejected.reason == "block_deleted"


def test_an_id_that_is_used_again_is_there_again(backend: Backend, alice: UserId, phone: Follower) -> None:
    session_id = backend.session(alice)
    phone.catch_up()
    delete_session(backend.db, backend.queue, alice, session_id)
    phone.catch_up()
    backend.session(alice, session_id)
    assert phone.catch_up() == [("session", session_id)]
    assert phone.living().keys() == {("session", session_id)}


def test_an_update_that_changes_nothing_is_no_change(backend: Backend, alice: UserId, phone: Follower) -> None:
    session_id = backend.session(alice)
    first = edit_session(backend.db, alice, session_id, title="Monday", language=None)
    phone.catch_up()
    again = edit_session(backend.db, alice, session_id, title="Monday", language=None)
    assert again == first
    assert again.version == 2
    assert phone.catch_up() == []


def test_all_changes_of_one_transaction_take_one_number(
    backend: Backend, alice: UserId, owner: psycopg.Connection
) -> None:
    session_id = backend.session(alice)
    before = last_seq(owner, alice)
    new = NewBlock(
        id=None, block_type=BlockType.MARKER, text_content="Milk.", media_id=None, metadata={}, captured_at=None
    )
    add_blocks(backend.db, alice, session_id, [new] * 50)
    with backend.db.transaction(alice) as tx:
        for title in "abc":
            tx.execute("UPDATE sessions SET title = %s WHERE user_id = %s AND id = %s", [title, alice, session_id])
    assert last_seq(owner, alice) == before + 2
    assert owner.execute("SELECT count(*) FROM changes WHERE seq = %s", [before + 1]).fetchone() == (50,)
    assert owner.execute("SELECT count(*) FROM changes WHERE seq = %s", [before + 2]).fetchone() == (1,)


def test_changes_of_one_transaction_may_lie_on_two_pages(backend: Backend, alice: UserId, phone: Follower) -> None:
    session_id = backend.session(alice)
    new = NewBlock(
        id=None, block_type=BlockType.MARKER, text_content="Milk.", media_id=None, metadata={}, captured_at=None
    )
    add_blocks(backend.db, alice, session_id, [new] * 50)
    assert len(phone.catch_up(limit=7)) == 51


def last_seq(owner: psycopg.Connection, user_id: UserId) -> int:
    row = owner.execute("SELECT last_seq FROM change_counters WHERE user_id = %s", [user_id]).fetchone()
    assert row is not None
    return row[0]


def test_a_position_in_another_numbering_is_refused(
    backend: Backend, alice: UserId, phone: Follower, owner: psycopg.Connection
) -> None:
    captured(backend, alice)
    phone.catch_up()
    position = phone.position
    assert position is not None
    bob = backend.user("bob")
    captured(backend, bob)
    ahead = FeedPosition(feed_id=position.feed_id, seq=position.seq + 1, kind="session", id=new_id())
    for user_id, after in ((bob, position), (alice, ahead)):
        with pytest.raises(Invalid) as refused:
            read_changes(backend.db, user_id, after=after, limit=10)
        assert refused.value.exact_code == "cursor_invalid"
    owner.execute("UPDATE change_counters SET feed_id = gen_random_uuid()")  # as after a backup was restored
    with pytest.raises(Invalid):
        phone.poll()


def test_nobody_is_told_of_anothers_things(backend: Backend, alice: UserId) -> None:
    captured(backend, alice)
    assert Follower(db=backend.db, user_id=backend.user("bob")).catch_up() == []


def test_a_page_ends_early_when_its_texts_are_long(backend: Backend, alice: UserId, phone: Follower) -> None:
    session_id = backend.session(alice)
    for _ in range(60):
        backend.marker(alice, session_id, text='"' * 50_000 + "\u4e2d" * 50_000)
    pages = 0
    while True:
        page = phone.poll(limit=500)
        pages += 1
        assert sum(weight(thing.body) for thing in page.things) <= 3 * 1024 * 1024
        if not page.has_more:
            break
    assert pages > 4
    assert len(phone.living()) == 61


def test_a_user_who_is_deleted_leaves_no_change_behind(
    backend: Backend, alice: UserId, owner: psycopg.Connection
) -> None:
    captured(backend, alice)
    owner.execute("DELETE FROM users WHERE id = %s", [alice])
    for table in ("changes", "change_counters"):
        assert count_of(owner, table, alice) == 0
    with pytest.raises(NotFound):
        read_changes(backend.db, alice, after=None, limit=10)

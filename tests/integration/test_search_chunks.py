"""What is kept of a block, and that it stays exactly what it should be."""

from collections.abc import Sequence
from threading import Thread

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from dev.postgres import Postgres
from shared.ai.capabilities import Segment
from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import BlockId, SessionId, UserId, new_id
from shared.search.drafting import draft_chunks, texts_to_embed, with_vectors
from shared.search.intern_model import intern_model
from shared.search.model import ChunkDraft
from shared.search.replace_chunks import replace_chunks
from tests.fixtures.searchable import PROVIDER, add_block, add_user, keep, unit

Block = tuple[SessionId, BlockId]
_LEFT, _RIGHT = unit(1), unit(0, 1)


def _stored(owner: psycopg.Connection, user_id: UserId) -> list[tuple[int, str, object]]:
    return owner.execute(
        "SELECT chunk_index, text, id FROM embeddings WHERE user_id = %s ORDER BY chunk_index, text", [user_id]
    ).fetchall()


def _count(owner: psycopg.Connection, user_id: UserId) -> int:
    counted = owner.execute(
        "SELECT coalesce(sum(vector_count), 0) FROM vector_counts WHERE user_id = %s", [user_id]
    ).fetchone()
    there = owner.execute("SELECT count(*) FROM chunk_vectors WHERE user_id = %s", [user_id]).fetchone()
    assert counted == there
    return there[0] if there else -1


def _keep_spoken(db: Database, user_id: UserId, block: Block, segments: Sequence[Segment]) -> None:
    drafts = draft_chunks(" ".join(segment.text for segment in segments), segments)
    with db.transaction(user_id) as tx:
        replace_chunks(
            tx,
            user_id,
            session_id=block[0],
            block_id=block[1],
            model_id=intern_model(tx, provider=PROVIDER, model="m"),
            language="en",
            chunks=with_vectors(drafts, [_LEFT] * len(texts_to_embed(drafts))),
        )


def test_keeping_the_same_five_times_keeps_it_once(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    block = add_block(owner, user_id)
    keep(db, user_id, block, ["one", "two"], [_LEFT, _RIGHT])
    first = _stored(owner, user_id)
    for _ in range(4):
        keep(db, user_id, block, ["one", "two"], [_LEFT, _RIGHT])
    assert _stored(owner, user_id) == first
    assert _count(owner, user_id) == 2


def test_an_edit_changes_what_changed_and_leaves_the_rest(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    block = add_block(owner, user_id)
    keep(db, user_id, block, ["one", "two", "three"], [_LEFT, _LEFT, _LEFT])
    before = _stored(owner, user_id)
    keep(db, user_id, block, ["one", "changed"], [_LEFT, _RIGHT])
    after = _stored(owner, user_id)
    assert after[0] == before[0]
    assert [(index, text) for index, text, _ in after] == [(0, "one"), (1, "changed")]
    assert _count(owner, user_id) == 2


def test_a_text_taken_back_leaves_nothing(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    block = add_block(owner, user_id)
    keep(db, user_id, block, ["one"], [_LEFT])
    keep(db, user_id, block, [], [])
    assert _stored(owner, user_id) == []
    assert _count(owner, user_id) == 0


def test_chunks_of_another_model_lie_beside_as_long_as_the_text_is_the_same(
    db: Database, owner: psycopg.Connection
) -> None:
    user_id = add_user(owner)
    block = add_block(owner, user_id)
    keep(db, user_id, block, ["one"], [_LEFT], model="old")
    keep(db, user_id, block, ["one"], [_RIGHT], model="new")
    rows = "SELECT model, text FROM embeddings ORDER BY model"
    assert owner.execute(rows).fetchall() == [("new", "one"), ("old", "one")]
    keep(db, user_id, block, ["one, again"], [_LEFT], model="old")
    assert owner.execute(rows).fetchall() == [("old", "one, again")]


def test_a_spoken_chunk_keeps_a_vector_for_each_moment(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    segments = [
        Segment(start_ms=at * 5_000, end_ms=at * 5_000 + 5_000, text=f"Sentence number {at} is about something else.")
        for at in range(30)
    ]
    _keep_spoken(db, user_id, add_block(owner, user_id), segments)
    chunks = owner.execute("SELECT start_ms, end_ms FROM embeddings ORDER BY chunk_index").fetchall()
    assert len(chunks) > 1
    assert (chunks[0][0], chunks[-1][1]) == (0, 150_000)
    assert _count(owner, user_id) > len(chunks) + 29


def test_other_times_for_the_same_words_are_a_change(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    block = add_block(owner, user_id)
    for shift in (0, 700):
        _keep_spoken(db, user_id, block, [Segment(start_ms=shift, end_ms=5_000, text="The boiler is loud again.")])
    assert owner.execute("SELECT start_ms FROM embeddings").fetchall() == [(700,)]


def test_a_block_that_is_gone_cannot_be_found_again(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    session_id, _ = add_block(owner, user_id)
    with pytest.raises(NotFound):
        keep(db, user_id, (session_id, BlockId(new_id())), ["one"], [_LEFT])


def test_anothers_block_is_as_good_as_gone(db: Database, owner: psycopg.Connection) -> None:
    alice, bob = add_user(owner), add_user(owner)
    block = add_block(owner, bob)
    with pytest.raises(NotFound):
        keep(db, alice, block, ["one"], [_LEFT])
    assert _stored(owner, bob) == []


@pytest.mark.parametrize("table", ["sessions", "session_blocks"])
def test_what_is_deleted_is_not_counted(db: Database, owner: psycopg.Connection, table: str) -> None:
    user_id = add_user(owner)
    first, second = add_block(owner, user_id), add_block(owner, user_id)
    keep(db, user_id, first, ["one", "two"], [_LEFT, _RIGHT])
    keep(db, user_id, second, ["three"], [_LEFT])
    assert _count(owner, user_id) == 3
    with db.transaction(user_id) as tx:
        tx.execute(SQL("DELETE FROM {} WHERE id = ANY(%s)").format(Identifier(table)), [list(first)])
    assert _count(owner, user_id) == 1


def test_a_users_end_is_the_end_of_their_chunks(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["one"], [_LEFT])
    owner.execute("DELETE FROM users WHERE id = %s", [user_id])
    assert _count(owner, user_id) == 0


def test_two_at_once_leave_one_truth(
    db: Database, owner: psycopg.Connection, postgres: Postgres, database_name: str
) -> None:
    user_id = add_user(owner)
    block = add_block(owner, user_id)
    keep(db, user_id, block, ["start"], [_LEFT])

    def rewrite(name: str) -> None:
        own = Database(postgres.url(database_name, role="second_brain_app"))
        for turn in range(10):
            texts = [f"{name} {turn} {index}" for index in range(3)]
            keep(own, user_id, block, texts, [_LEFT] * 3)
        own.close()

    threads = [Thread(target=rewrite, args=[name]) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    stored = _stored(owner, user_id)
    assert [index for index, _, _ in stored] == [0, 1, 2]
    assert len({text.rpartition(" ")[0] for _, text, _ in stored}) == 1
    assert _count(owner, user_id) == 3


def test_a_model_has_one_number_whoever_asks(db: Database, postgres: Postgres, database_name: str) -> None:
    numbers: list[int] = []

    def ask() -> None:
        own = Database(postgres.url(database_name, role="second_brain_app"))
        with own.transaction(None) as tx:
            numbers.append(intern_model(tx, provider="acme", model="new"))
        own.close()

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(numbers) == 8
    assert len(set(numbers)) == 1
    with db.transaction(None) as tx:
        assert intern_model(tx, provider="acme", model="other") not in numbers


def test_a_chunk_cannot_hold_more_moments_than_a_search_reckons_with(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    segments = [Segment(start_ms=at, end_ms=at + 1, text="a b c.") for at in range(2_000)]
    _keep_spoken(db, user_id, add_block(owner, user_id), segments)
    assert owner.execute("SELECT max(vector_count) FROM chunks").fetchone()[0] <= 21  # pyright: ignore[reportOptionalSubscript]


def test_a_draft_without_its_vector_is_a_defect() -> None:
    with pytest.raises(ValueError, match="exactly one vector"):
        with_vectors([ChunkDraft(text="one")], [])

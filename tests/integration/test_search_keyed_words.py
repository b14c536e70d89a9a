"""Words of a user with many chunks are looked up by keys: the same is found, of this user and no other."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.ids import ChunkId, UserId
from shared.search import key_words as keying
from shared.search import word_key_repository, word_repository
from shared.search.asked import Filters, Term
from shared.search.drafting import with_vectors
from shared.search.key_words import key_words
from shared.search.model import ChunkDraft
from shared.search.replace_chunks import replace_chunks
from shared.search.scope_repository import find_scope
from tests.fixtures.questions import ask, texts_of
from tests.fixtures.searchable import add_block, add_user, keep, space_of, unit

_SOUP = unit(1)
_VOCABULARY = [f"{first}{second}" for first in "bcdfglmnprst" for second in ("abol", "emir", "ipod", "otur", "uzen")]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is many here, so that a test need not write thousands of chunks."""
    monkeypatch.setattr(keying, "KEYED_FROM", 40)
    monkeypatch.setattr(keying, "_AT_ONCE", 15)


def _texts(count: int, *, seed: int) -> list[str]:
    random = Random(seed)  # noqa: S311 - texts of a test
    weights = [1 / rank for rank in range(1, len(_VOCABULARY) + 1)]
    return [" ".join(random.choices(_VOCABULARY, weights, k=12)) for _ in range(count)]


def _write(db: Database, owner: psycopg.Connection, user_id: UserId, texts: Sequence[str]) -> None:
    keep(db, user_id, add_block(owner, user_id), texts, [_SOUP] * len(texts))


def _is_keyed(owner: psycopg.Connection, user_id: UserId) -> tuple[bool, set[bool]]:
    """What the space says, and what the words say."""
    row = owner.execute("SELECT is_keyed FROM search_spaces WHERE user_id = %s", [user_id]).fetchone()
    assert row is not None
    words = owner.execute("SELECT DISTINCT is_keyed FROM chunk_words WHERE user_id = %s", [user_id]).fetchall()
    return row[0], {is_keyed for (is_keyed,) in words}


def _found(db: Database, user_id: UserId, words: Sequence[str], *, is_keyed: bool, **filters: Any) -> list[ChunkId]:
    with db.transaction(user_id) as tx:
        space = replace(space_of(tx, user_id), is_keyed=is_keyed)
        hits = word_repository.find_words(
            tx,
            user_id,
            space,
            terms=[Term(lexemes=(word,)) for word in words],
            scope=find_scope(tx, user_id, space, Filters(**filters)),
            limit=100,
            least_share=0.5,
        )
    return [hit.chunk_id for hit in hits]


def test_a_user_with_few_chunks_stays_unkeyed(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    _write(db, owner, user_id, _texts(39, seed=1))
    key_words(db, user_id)
    assert _is_keyed(owner, user_id) == (False, {False})


def test_a_user_who_has_many_is_keyed_once_and_for_what_comes(db: Database, owner: psycopg.Connection) -> None:
    user_id, other = add_user(owner), add_user(owner)
    for one in (user_id, other):
        _write(db, owner, one, _texts(40, seed=1))
    key_words(db, user_id)
    assert _is_keyed(owner, user_id) == (True, {True})
    assert _is_keyed(owner, other) == (False, {False})
    key_words(db, user_id)
    _write(db, owner, user_id, ["written afterwards"])
    assert _is_keyed(owner, user_id) == (True, {True})
    assert texts_of(ask(db, user_id, "afterwards")) == ["written afterwards"]


def test_a_user_without_anything_is_left_alone(db: Database, owner: psycopg.Connection) -> None:
    key_words(db, add_user(owner))


def test_half_done_is_searched_by_a_scan_and_then_finished(
    db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = add_user(owner)
    _write(db, owner, user_id, [*_texts(40, seed=1), "needle"])
    monkeypatch.setattr(keying, "_MOST_TURNS", 1)
    key_words(db, user_id)
    assert _is_keyed(owner, user_id) == (False, {False, True})
    assert texts_of(ask(db, user_id, "needle")) == ["needle"]
    _write(db, owner, user_id, ["written meanwhile"])
    monkeypatch.undo()
    monkeypatch.setattr(keying, "KEYED_FROM", 40)
    key_words(db, user_id)
    assert _is_keyed(owner, user_id) == (True, {True})
    assert texts_of(ask(db, user_id, "meanwhile")) == ["written meanwhile"]


def test_nobody_is_keyed_past_somebody_who_is_writing(
    db: Database, postgres: Postgres, database_name: str, owner: psycopg.Connection
) -> None:
    """What an open transaction has written unkeyed would never be found."""
    user_id = add_user(owner)
    _write(db, owner, user_id, _texts(40, seed=1))
    block = add_block(owner, user_id)
    writer = Database(postgres.url(database_name, role="second_brain_app"))
    with _kept_open(writer, user_id, block):
        key_words(db, user_id)  # waits for the lock, and gives up
        assert _is_keyed(owner, user_id)[0] is False
    writer.close()
    key_words(db, user_id)
    assert _is_keyed(owner, user_id) == (True, {True})
    assert texts_of(ask(db, user_id, "slowly")) == ["written slowly"]


@contextmanager
def _kept_open(db: Database, user_id: UserId, block: Any) -> Generator[None]:
    with db.transaction(user_id) as tx:
        replace_chunks(
            tx,
            user_id,
            session_id=block[0],
            block_id=block[1],
            model_id=space_of(tx, user_id).model_id,
            language="en",
            chunks=with_vectors([ChunkDraft(text="written slowly")], [_SOUP]),
        )
        yield


@pytest.fixture
def crowd(db: Database, owner: psycopg.Connection) -> list[UserId]:
    """Three keyed users with the same 300 texts."""
    users = [add_user(owner) for _ in range(3)]
    for user_id in users:
        _write(db, owner, user_id, _texts(300, seed=7))
        key_words(db, user_id)
    return users


def test_keys_find_what_a_scan_finds_in_the_same_order(db: Database, crowd: list[UserId]) -> None:
    random = Random(3)  # noqa: S311 - questions of a test
    for count in (1, 2, 3, 5, 8):
        words = random.sample(_VOCABULARY, count)
        scanned = _found(db, crowd[1], words, is_keyed=False)
        assert _found(db, crowd[1], words, is_keyed=True) == scanned
        assert scanned


def test_a_word_nobody_wrote_is_found_nowhere(db: Database, crowd: list[UserId]) -> None:
    assert _found(db, crowd[0], ["unwritten"], is_keyed=True) == []


def test_a_scope_confines_what_keys_find(
    db: Database, owner: psycopg.Connection, crowd: list[UserId], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.search.scope_repository.FEW", 3)
    block = add_block(owner, crowd[0])
    owner.execute("UPDATE session_blocks SET block_type = 'voice' WHERE id = %s", [block[1]])
    keep(db, crowd[0], block, [f"{_VOCABULARY[0]} note{number}" for number in range(9)], [_SOUP] * 9)
    assert len(_found(db, crowd[0], _VOCABULARY[:1], is_keyed=True, block_type="voice")) == 9
    assert len(_found(db, crowd[0], _VOCABULARY[:1], is_keyed=True)) > 9


def test_frequent_words_of_which_only_the_first_chunks_are_looked_at(
    db: Database, owner: psycopg.Connection, crowd: list[UserId], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few words mean all of them, also where each of them alone is in too many chunks."""
    _write(db, owner, crowd[0], ["frequent one"] * 30 + ["frequent two"] * 30 + ["frequent one two"])
    monkeypatch.setattr(word_key_repository, "_MOST_OF_A_WORD", 10)
    monkeypatch.setattr(word_key_repository, "_MOST_RANKED", 10)
    best, *_ = _found(db, crowd[0], ["one", "two"], is_keyed=True)
    row = owner.execute("SELECT text FROM chunks WHERE id = %s", [best]).fetchone()
    assert row == ("frequent one two",)


def test_the_lookup_shows_nobody_elses_chunks(db: Database, owner: psycopg.Connection, crowd: list[UserId]) -> None:
    """Whoever calls it sees their own chunks, whichever keys they name; without a tenant, nobody's."""
    ((words,),) = owner.execute(
        "SELECT array_agg(DISTINCT key) FROM chunk_words, unnest(word_keys(user_id, words)) AS key"
    ).fetchall()
    with db.transaction(crowd[2]) as tx:
        model_id = space_of(tx, crowd[2]).model_id
        mine = {row[0] for row in tx.execute("SELECT chunk_id FROM chunk_words").fetchall()}
        for call in (
            "SELECT chunks_with_word(%(model)s::smallint, %(keys)s, 100000)",
            "SELECT chunks_with_words(%(model)s::smallint, %(keys)s, %(keys)s, %(keys)s, 100000)",
        ):
            shown = {row[0] for row in tx.execute(call, {"model": model_id, "keys": words}).fetchall()}
            assert shown == mine
    assert len(mine) == 300
    with db.transaction(None) as tx:
        call = "SELECT chunks_with_word(%s::smallint, %s, 100000)"
        assert tx.execute(call, [model_id, words]).fetchall() == []


def test_the_lookup_goes_by_the_index_of_keys(owner: psycopg.Connection, crowd: list[UserId]) -> None:
    owner.execute("VACUUM ANALYZE chunk_words")
    owner.execute("SET ROLE second_brain_system")
    owner.execute("SET enable_seqscan = off")
    owner.execute("SELECT set_config('app.user_id', %s, false)", [str(crowd[1])])
    (body,) = owner.execute("SELECT prosrc FROM pg_proc WHERE proname = 'chunks_with_word'").fetchone() or ("",)
    statement = body.replace("p_model_id", "1::smallint").replace("p_most", "100")
    for keys in ("'{1,2}'::bigint[]", "(SELECT '{1,2}'::bigint[])"):
        plan = "\n".join(row[0] for row in owner.execute("EXPLAIN " + statement.replace("p_keys", keys)).fetchall())
        assert "Bitmap Index Scan on chunk_words_keys" in plan
        assert "chunk_words_pkey" not in plan

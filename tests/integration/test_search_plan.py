"""What a search reads, by Postgres' own counters: one index, and rows by their keys, under all policies."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest

from shared.db.connection import Database
from shared.search import vector_repository
from tests.fixtures.searchable import World, add_user, as_vector, load, space_of

_COUNTERS = """
SELECT relname, pg_stat_get_xact_numscans(oid), pg_stat_get_xact_tuples_returned(oid),
       pg_stat_get_xact_tuples_fetched(oid)
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
"""

_LARGE, _SMALL = 1_500, 300
_DEPTH = 210 + 15  # of a user with 1,500 vectors, for ten results


@dataclass(frozen=True, kw_only=True)
class Reads:
    """Of an index: how often it was searched, what entries it returned, and for how many of them the row was fetched.

    Of a table: how often it was read from end to end, and how many rows; what a bitmap fetched.
    """

    scans: int
    returned: int
    fetched: int


_NOTHING = Reads(scans=0, returned=0, fetched=0)

Searched = Callable[[int], dict[str, Reads]]


@pytest.fixture
def searched(db: Database, owner: psycopg.Connection) -> Searched:
    """Lets a user of that many chunks search, between two neighbours, and tells what was read of each relation."""

    def search(chunks: int) -> dict[str, Reads]:
        world = World.of(seed=1)
        users = [add_user(owner) for _ in range(3)]
        for user_id, size in zip(users, (_LARGE, chunks, _LARGE), strict=True):
            load(owner, user_id, world.passages(size), per_block=4)
        owner.execute("VACUUM ANALYZE")
        question = as_vector(world.passages(1)[0])
        with db.transaction(users[1]) as tx:
            space = space_of(tx, users[1])
            hits = vector_repository.nearest(tx, users[1], space, query=question, limit=10, threshold=0)
            assert len(hits) == 10
            rows = tx.execute(_COUNTERS).fetchall()
        return {name: Reads(scans=scans, returned=returned, fetched=fetched) for name, scans, returned, fetched in rows}

    return search


def test_bits_are_read_from_the_index_alone_and_vectors_fetched_by_their_key(searched: Searched) -> None:
    reads = searched(_LARGE)
    assert reads["chunk_vectors_pkey"] == Reads(scans=1 + _DEPTH, returned=_LARGE + _DEPTH, fetched=_DEPTH)
    assert reads["chunk_vectors"] == _NOTHING


@pytest.mark.parametrize("chunks", [_SMALL, _LARGE])
def test_texts_are_read_of_the_survivors_alone(searched: Searched, chunks: int) -> None:
    reads = searched(chunks)
    for table in ("chunks", "session_blocks"):
        assert 0 < reads[f"{table}_pkey"].returned <= 10
        assert reads[table] == _NOTHING


def test_of_a_small_user_each_vector_is_read_once_and_none_of_the_neighbours(searched: Searched) -> None:
    reads = searched(_SMALL)
    assert reads["chunk_vectors_pkey"].returned == _SMALL
    assert reads["chunk_vectors_pkey"].fetched + reads["chunk_vectors"].fetched == _SMALL
    assert reads["chunk_vectors"].scans == 0

"""The search statement is answered inside one index, whatever the planner is told about row-level security."""

import json
from collections.abc import Iterator
from typing import Any, Self

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.ids import UserId
from shared.search import vector_repository
from tests.fixtures.searchable import World, add_user, as_vector, load, space_of

Node = dict[str, Any]


@pytest.fixture
def explained(postgres: Postgres, database_name: str, owner: psycopg.Connection) -> Iterator[list[Node]]:
    """Every node of the plan of the very statement a search runs, by the role and the policies it runs under."""
    yield from _explained(postgres.url(database_name, role="second_brain_app"), owner, owned=1_500)


@pytest.fixture
def explained_of_a_small_user(
    postgres: Postgres, database_name: str, owner: psycopg.Connection
) -> Iterator[list[Node]]:
    """The same, of a user whose every vector is compared, among neighbours."""
    yield from _explained(postgres.url(database_name, role="second_brain_app"), owner, owned=300)


def _explained(url: str, owner: psycopg.Connection, *, owned: int) -> Iterator[list[Node]]:
    world = World.of(seed=1)
    users = [add_user(owner) for _ in range(3)]
    for user_id, size in zip(users, (1_500, owned, 1_500), strict=True):
        load(owner, user_id, world.passages(size), per_block=4)
    owner.execute("VACUUM ANALYZE")
    db = Database(url)
    yield list(_nodes(_plan(db, users[1], as_vector(world.passages(1)[0]))))
    db.close()


def _plan(db: Database, user_id: UserId, question: tuple[float, ...]) -> Node:
    """Let the repository build the statement and its parameters, and have Postgres explain it instead."""
    with db.transaction(user_id) as tx:
        explaining = _Explaining(tx)
        vector_repository.nearest(
            explaining,  # pyright: ignore[reportArgumentType]
            user_id,
            space_of(tx, user_id),
            query=question,
            limit=10,
            threshold=0,
        )
        return explaining.plan


class _Explaining:
    """A transaction whose cursor explains what it is given, and returns no rows."""

    def __init__(self, tx: psycopg.Connection[Any]) -> None:
        self._tx = tx
        self.plan: Node = {}

    def cursor(self, **_: Any) -> "_Explaining":
        self._cursor = self._tx.cursor()
        self.adapters = self._cursor.adapters
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cursor.close()

    def execute(self, statement: str, parameters: dict[str, Any]) -> "_Explaining":
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}".encode()
        ((answer,),) = self._cursor.execute(explain, parameters).fetchall()
        self.plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
        return self

    def fetchall(self) -> list[Any]:
        return []


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _of_table(nodes: list[Node], table: str) -> list[Node]:
    return [node for node in nodes if node.get("Relation Name") == table]


def test_bits_are_read_from_the_index_alone(explained: list[Node]) -> None:
    (scan,) = [node for node in explained if node["Node Type"] == "Index Only Scan"]
    assert scan["Index Name"] == "chunk_vectors_pkey"
    assert "user_id = " in scan["Index Cond"]
    assert "model_id = " in scan["Index Cond"]
    assert "Filter" not in scan
    assert scan["Heap Fetches"] == 0
    assert scan["Actual Rows"] == 1_500


def test_vectors_are_fetched_by_their_key(explained: list[Node]) -> None:
    fetches = [node for node in _of_table(explained, "chunk_vectors") if node["Node Type"] != "Index Only Scan"]
    assert len(fetches) == 2
    for fetch in fetches:
        assert fetch["Node Type"] == "Index Scan"
        assert "chunk_id = " in fetch["Index Cond"]
    assert sum(fetch["Actual Rows"] * fetch["Actual Loops"] for fetch in fetches) == 210 + 15 + 10


def test_texts_are_read_of_the_survivors_alone(explained: list[Node]) -> None:
    for table in ("chunks", "session_blocks"):
        (read,) = _of_table(explained, table)
        assert read["Node Type"] == "Index Scan"
        assert read["Actual Rows"] * read["Actual Loops"] <= 10


def test_nothing_of_the_users_is_hashed_or_sorted_whole(explained: list[Node]) -> None:
    assert not [node for node in explained if node["Node Type"] in ("Hash Join", "Merge Join")]
    assert not [node for node in explained if node["Node Type"] == "Seq Scan" and node["Actual Rows"] > 10]


def test_of_a_small_user_nothing_of_the_neighbours_is_read(explained_of_a_small_user: list[Node]) -> None:
    reads = _of_table(explained_of_a_small_user, "chunk_vectors")
    assert {node["Node Type"] for node in reads} <= {"Index Scan", "Bitmap Heap Scan"}
    assert not any(node.get("Rows Removed by Filter") for node in reads)
    assert sum(node["Actual Rows"] * node["Actual Loops"] for node in reads) == 300 + 10

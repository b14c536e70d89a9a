"""How long the search statement takes for users of all sizes, beside comparing with every vector exactly."""

import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.db.migrate import migrate
from shared.ids import UserId
from shared.search import vector_repository
from tests.fixtures.searchable import Matrix, World, add_block, add_user, as_vector, keep, load, space_of

NAME = "search"
GOAL = 0.95

_SIZES = (80, 1_000, 5_000, 20_000, 100_000)
_QUESTIONS = 60
_LIMIT = 10
_CHUNKS_PER_BLOCK = 20
_BLOCKS_WRITTEN = 100


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured for one user; times in ms."""

    vectors: int
    recall: float
    p50_ms: float
    p95_ms: float
    prepared_ms: float
    exact_ms: float


@dataclass(frozen=True, kw_only=True)
class _Tenant:
    user_id: UserId
    questions: Matrix
    nearest: list[set[int]]


def run() -> bool:
    """Print the table; True when recall is within the goal for every size."""
    with _database() as (postgres, owner):
        tenants = {size: _settle(owner, size) for size in track(_SIZES, description="loading")}
        owner.execute("VACUUM ANALYZE")
        rows = [_measure(postgres, size, tenant) for size, tenant in track(tenants.items(), description="asking")]
        written = _write_rate(postgres, owner)
    _print(rows, written)
    return all(row.recall >= GOAL for row in rows)


def _print(rows: Sequence[Row], written_per_second: float) -> None:
    table = Table(
        "vectors of the user",
        f"recall@{_LIMIT}",
        "p50 ms",
        "p95 ms",
        "prepared, p50 ms",
        "exact, p50 ms",
        title="Search statement, under row-level security",
        caption=f"written by replace_chunks, {_CHUNKS_PER_BLOCK} to a transaction: {written_per_second:,.0f} rows/s",
    )
    for row in rows:
        times = (f"{value:.2f}" for value in (row.p50_ms, row.p95_ms, row.prepared_ms, row.exact_ms))
        table.add_row(f"{row.vectors:,}", f"{row.recall:.3f}", *times)
    Console().print(table)


@contextmanager
def _database() -> Generator[tuple[Postgres, psycopg.Connection]]:
    with tempfile.TemporaryDirectory() as folder:
        postgres = Postgres.start(Path(folder))
        try:
            postgres.create_database("bench")
            migrate(postgres.url("bench"))
            with psycopg.connect(postgres.url("bench"), autocommit=True) as owner:
                yield postgres, owner
        finally:
            postgres.stop()


def _settle(owner: psycopg.Connection, size: int) -> _Tenant:
    world = World.of(seed=size)
    passages = world.passages(size)
    questions = world.questions(passages, _QUESTIONS)
    nearest = [set(np.argsort(-(passages @ question))[:_LIMIT].tolist()) for question in questions]
    user_id = add_user(owner)
    load(owner, user_id, passages)
    return _Tenant(user_id=user_id, questions=questions, nearest=nearest)


def _measure(postgres: Postgres, size: int, tenant: _Tenant) -> Row:
    url = postgres.url("bench", role="second_brain_app")
    found, as_deployed = _ask_all(url, tenant, prepare_threshold=None)
    _, prepared = _ask_all(url, tenant, prepare_threshold=0)
    hits = sum(len(wanted & got) for wanted, got in zip(tenant.nearest, found, strict=True))
    return Row(
        vectors=size,
        recall=hits / sum(len(wanted) for wanted in tenant.nearest),
        p50_ms=statistics.median(as_deployed),
        p95_ms=statistics.quantiles(as_deployed, n=20)[-1],
        prepared_ms=statistics.median(prepared),
        exact_ms=statistics.median(_ask_exactly(url, tenant)),
    )


def _ask_all(url: str, tenant: _Tenant, *, prepare_threshold: int | None) -> tuple[list[set[int]], list[float]]:
    """What each question found, and the milliseconds of the statement."""
    with psycopg.connect(url, autocommit=True, prepare_threshold=prepare_threshold) as connection:

        def ask(question: Matrix) -> set[int]:
            hits = vector_repository.nearest(
                connection,
                tenant.user_id,
                space_of(connection, tenant.user_id),
                query=as_vector(question),
                limit=_LIMIT,
                threshold=0,
            )
            return {int(hit.text) for hit in hits}

        return _timed(connection, tenant, ask)


def _ask_exactly(url: str, tenant: _Tenant) -> list[float]:
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        register_vector(connection)

        def ask(question: Matrix) -> set[int]:
            connection.execute(
                """
                SELECT chunk_id
                FROM chunk_vectors
                WHERE user_id = %(user_id)s AND model_id = 1
                ORDER BY embedding <#> %(query)b
                LIMIT %(limit)s
                """,
                {"user_id": tenant.user_id, "query": HalfVector(question), "limit": _LIMIT},
            ).fetchall()
            return set()

        return _timed(connection, tenant, ask)[1]


def _timed(
    connection: psycopg.Connection, tenant: _Tenant, ask: Callable[[Matrix], set[int]]
) -> tuple[list[set[int]], list[float]]:
    found: list[set[int]] = []
    milliseconds: list[float] = []
    with connection.transaction():
        connection.execute("SELECT set_config('app.user_id', %s, true)", [str(tenant.user_id)])
        for question in tenant.questions[:5]:  # warm
            ask(question)
        for question in tenant.questions:
            begun = time.perf_counter()
            found.append(ask(question))
            milliseconds.append((time.perf_counter() - begun) * 1_000)
    return found, milliseconds


def _write_rate(postgres: Postgres, owner: psycopg.Connection) -> float:
    """Rows a second through the step the embed worker calls: commit and fsync included."""
    user_id = add_user(owner)
    blocks = [add_block(owner, user_id) for _ in range(_BLOCKS_WRITTEN)]
    vectors = [as_vector(row) for row in World.of(seed=0).passages(_CHUNKS_PER_BLOCK)]
    texts = [f"chunk {number}" for number in range(_CHUNKS_PER_BLOCK)]
    db = Database(postgres.url("bench", role="second_brain_app"))
    keep(db, user_id, blocks[0], texts, vectors)
    begun = time.perf_counter()
    for block in blocks[1:]:
        keep(db, user_id, block, texts, vectors)
    taken = time.perf_counter() - begun
    db.close()
    return (_BLOCKS_WRITTEN - 1) * _CHUNKS_PER_BLOCK / taken

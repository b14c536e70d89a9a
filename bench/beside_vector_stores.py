"""`python -m bench stores`: search of one user's chunks, ours beside mem0, LangChain and the common stack.

All in one Postgres and one process, given the same vectors of 1,536 numbers, which lie as those of real texts do, and
the same questions by turns. Peers are set up as their documents show. In their favour: they know no row-level security,
no sessions, blocks or moments to join, no counts to keep, no words beside the vectors; their connections are pooled and
warm; HNSW is built after the rows have come, in one go. Against them: no parallel workers, for a server that many ask
has no cores to spare; and the neighbours, without whom no filter would matter: 300 here, all others in a real store.
"""

import asyncio
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from rich.progress import track

from bench.vector_stores.common_stack import CommonStack
from bench.vector_stores.langchain_stores import LangChainStore, LangChainVector
from bench.vector_stores.measure import ask_everybody, load_average, write_all
from bench.vector_stores.mem0_store import Mem0
from bench.vector_stores.ours import Ours
from bench.vector_stores.population import Population, settle
from bench.vector_stores.report import BATCHES, print_report
from bench.vector_stores.side import Side
from dev.postgres import Postgres
from shared.ids import UserId, new_id
from tests.fixtures.searchable import as_vector

NAME = "stores"

_SIZES = (50, 80, 100, 1_000, 5_000, 20_000, 100_000)
_QUICK_SIZES = (50, 80, 100, 1_000, 5_000)
_NEIGHBOURS, _QUICK_NEIGHBOURS = 300, 50
_QUESTIONS, _QUESTIONS_OF_A_LARGE_USER = 60, 30
_LARGE = 20_000
# One process for one question, as on a server that many ask. Vacuumed by hand once loaded: in the middle it would fall
# on whoever is asked just then. All sides fit into memory together, 10 GB of them: else who is asked would pay for what
# the others pushed out.
_SERVER = {
    "shared_buffers": "12GB",
    "maintenance_work_mem": "2GB",
    "work_mem": "64MB",
    "max_parallel_workers_per_gather": "0",
    "autovacuum": "off",
}


def run(*, is_quick: bool = False) -> bool:
    """Print the tables; True when every goal is met."""
    sizes, neighbours = (_QUICK_SIZES, _QUICK_NEIGHBOURS) if is_quick else (_SIZES, _NEIGHBOURS)
    population = settle(sizes, neighbours=neighbours, questions=_QUESTIONS)
    before = load_average()
    with _database() as postgres, _sides(postgres) as sides:
        writer = UserId(new_id())
        _load(postgres, sides, population, writer)
        for side in sides:
            side.search(population.neighbours[0], as_vector(population.measured[0].questions[0]), 1)  # all connect
        asked = ask_everybody(sides, population, _questions, _servers(postgres))
        seconds = 2 if is_quick else 6
        written = {batch: write_all(sides, writer, batch=batch, seconds=seconds) for batch in BATCHES}
    return print_report(sides, asked, written, loads=[before])


def _questions(size: int) -> int:
    """Fewer where an exact peer takes seconds for each."""
    return _QUESTIONS if size < _LARGE else _QUESTIONS_OF_A_LARGE_USER


def _servers(postgres: Postgres) -> list[int]:
    """The processes that serve the sides' connections, all of which are open by now."""
    with psycopg.connect(postgres.url("bench")) as owner:
        own = owner.info.backend_pid
        rows = owner.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = 'bench' AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in rows.fetchall() if pid != own]


def _load(postgres: Postgres, sides: Sequence[Side], population: Population, writer: UserId) -> None:
    for side in track(sides, description="loading"):
        side.load(population)
        if isinstance(side, Ours):
            side.prepare_writer(writer)
    with psycopg.connect(postgres.url("bench"), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


@contextmanager
def _database() -> Generator[Postgres]:
    with tempfile.TemporaryDirectory() as folder:
        postgres = Postgres.start(Path(folder))
        try:
            postgres.restart_with(_SERVER)
            postgres.create_database("bench")
            yield postgres
        finally:
            postgres.stop()


@contextmanager
def _sides(postgres: Postgres) -> Generator[list[Side]]:
    url = postgres.url("bench")
    loop = asyncio.new_event_loop()
    with ExitStack() as stack:
        stack.callback(loop.close)
        sides: list[Side] = [Ours(postgres, "bench"), Mem0(url, hnsw=True), Mem0(url, hnsw=False)]
        sides += [LangChainVector(url), LangChainStore(url, loop), CommonStack(url, loop)]
        for side in sides:
            stack.callback(side.close)
        yield sides

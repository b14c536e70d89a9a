"""`python -m bench hybrid`: searches by meaning and words beside searches by meaning alone, for users of all sizes.

Whole requests to the function in this process: event, claims, transactions, costs, JSON and logs included, with an
embedder that answers at once. Both are asked the same questions by turns: two to six of the words of a note, and
a vector that some ten notes are near to. Texts are 45 words of a vocabulary of 30,000, of which the n-th most frequent
is used n times less often than the first, without the 60 most frequent: those are stop words.
"""

import contextlib
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.vector_stores.measure import load_average, served_ns
from dev.postgres import Postgres
from functions.api.search.routes import Routes
from shared.ai.capabilities import Embedded, Usage, Vector
from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.db.migrate import migrate
from shared.edge.http import http_handler
from shared.ids import UserId
from shared.search import word_repository
from shared.search.asked import Asked
from shared.search.key_words import KEYED_FROM, key_words
from shared.search.plan_search import plan_search
from tests.fixtures.phone import event_of
from tests.fixtures.searchable import MODEL, PROVIDER, World, add_user, as_vector, load, space_of

NAME = "hybrid"
GOAL_TIMES = 2.0

_SIZES, _QUICK_SIZES = (50, 100, 300, 1_000, 5_000, 20_000, 100_000), (50, 100, 1_000, 5_000)
_QUESTIONS, _WARM_UPS = 100, 10
_LIMIT, _THRESHOLD = 10, 0.5
_OK = 200
_WORDS_OF_A_CHUNK, _VOCABULARY, _STOP_WORDS = 45, 30_000, 60
_SYLLABLES = ("ba", "de", "fi", "go", "ku", "ma", "pe", "qui", "vo", "zu")
_MEANING, _HYBRID, _WORDS = "meaning", "hybrid", "words"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and the vector it is embedded as."""

    text: str
    vector: Vector


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """A user of that many chunks, and what they ask."""

    user_id: UserId
    size: int
    questions: Sequence[Question]


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What one search took, in ms: by the clock, and of the processor on both sides of the wire."""

    clock: float
    processor: float


class Instant:
    """An embedder that knows the questions' vectors."""

    provider, model = PROVIDER, MODEL

    def __init__(self, questions: Sequence[Question]) -> None:
        self._vectors = {question.text: question.vector for question in questions}

    def embed(self, texts: Sequence[str]) -> Embedded:
        """The vectors of questions known, at once."""
        usage = Usage(provider=self.provider, model=self.model, operation="embed")
        return Embedded(vectors=tuple(self._vectors[text] for text in texts), usage=usage)


def run(*, is_quick: bool = False) -> bool:
    """Print the table; True when a search by both takes at most twice as long at p95, whatever the size."""
    with _database() as (postgres, owner):
        sizes = _QUICK_SIZES if is_quick else _SIZES
        tenants = [_settle(postgres, owner, size) for size in track(sizes, description="loading")]
        owner.execute("VACUUM ANALYZE")
        measured = {tenant.size: _ask(postgres, tenant) for tenant in tenants}
    return _print(measured)


def _print(measured: dict[int, dict[str, list[Spent]]]) -> bool:
    table = Table("chunks", "meaning p50", "p95", "hybrid p50", "p95", "p95 times", "processor times", "words p50")
    worst = 0.0
    for size, spent in measured.items():
        meaning, hybrid = spent[_MEANING], spent[_HYBRID]
        times = _p95(hybrid) / _p95(meaning)
        of_processor = _median(hybrid, lambda one: one.processor) / _median(meaning, lambda one: one.processor)
        worst = max(worst, times)
        figures = (_p50(meaning), _p95(meaning), _p50(hybrid), _p95(hybrid), times, of_processor, _p50(spent[_WORDS]))
        table.add_row(f"{size:,}", *(f"{figure:.2f}" for figure in figures))
    table.title = f"Search by meaning and words, {_QUESTIONS} questions, ms"
    table.caption = f"goal: p95 at most x{GOAL_TIMES:g}; keyed from {KEYED_FROM:,} chunks on; {load_average()}"
    Console(width=120).print(table)
    return worst <= GOAL_TIMES


def _ask(postgres: Postgres, tenant: Tenant) -> dict[str, list[Spent]]:
    """Each question by meaning, by both, and the leg of words alone, by turns."""
    db = Database(postgres.url("bench", role="second_brain_app") + "&prepare_threshold=5")
    server = db.ask(lambda tx: tx.info.backend_pid)
    handler = http_handler(Routes(db=db, embedders=Embedders(Instant(tenant.questions))).endpoints(), db)
    spent: dict[str, list[Spent]] = {_MEANING: [], _HYBRID: [], _WORDS: []}
    for question in track(tenant.questions, description=f"{tenant.size:,} chunks"):
        ways: dict[str, Callable[[], object]] = {
            _MEANING: partial(_request, handler, "/api/search/semantic", tenant, question.text),
            _HYBRID: partial(_request, handler, "/api/search", tenant, question.text),
            _WORDS: partial(_leg_of_words, db, tenant.user_id, question.text),
        }
        for way, search in ways.items():
            spent[way].append(_timed(search, server))
    db.close()
    return {way: of_way[_WARM_UPS:] for way, of_way in spent.items()}


def _request(handler: Callable[[Any, Any], Any], path: str, tenant: Tenant, text: str) -> None:
    body = json.dumps({"query": text, "limit": _LIMIT, "threshold": _THRESHOLD}).encode()
    event = event_of("POST", path, claims={"sub": str(tenant.user_id)}, body=body)
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        answer = handler(event, None)
    assert answer["statusCode"] == _OK, answer["body"]


def _leg_of_words(db: Database, user_id: UserId, text: str) -> object:
    plan = plan_search(db, user_id, Asked(query=text, limit=_LIMIT, threshold=0))
    assert plan is not None
    with db.transaction(user_id) as tx:
        return word_repository.find_words(
            tx, user_id, plan.space, terms=plan.terms, scope=plan.scope, limit=100, least_share=0
        )


def _timed(search: Callable[[], object], server: int) -> Spent:
    served, own, begun = served_ns([server]), time.process_time_ns(), time.perf_counter()
    search()
    clock = time.perf_counter() - begun
    return Spent(clock=clock * 1_000, processor=(time.process_time_ns() - own + served_ns([server]) - served) / 1e6)


def _median(spent: Sequence[Spent], of: Callable[[Spent], float]) -> float:
    return statistics.median(of(one) for one in spent)


def _p50(spent: Sequence[Spent]) -> float:
    return _median(spent, lambda one: one.clock)


def _p95(spent: Sequence[Spent]) -> float:
    return statistics.quantiles((one.clock for one in spent), n=20)[-1]


def _settle(postgres: Postgres, owner: psycopg.Connection, size: int) -> Tenant:
    world, random = World.of(seed=size), np.random.default_rng(size)
    passages = world.passages(size)
    words = _words(random, size)
    user_id = add_user(owner)
    load(owner, user_id, passages, texts=[" ".join(map(_spelt, of_chunk)) for of_chunk in words])
    db = Database(postgres.url("bench", role="second_brain_app"))
    while size >= KEYED_FROM and not _is_keyed(db, user_id):
        key_words(db, user_id)
    db.close()
    vectors = world.questions(passages, _QUESTIONS + _WARM_UPS)
    asked = [random.choice(words[random.integers(size)], random.integers(2, 7), replace=False) for _ in vectors]
    questions = [
        Question(text=" ".join(map(_spelt, of_question)), vector=as_vector(vector))
        for of_question, vector in zip(asked, vectors, strict=True)
    ]
    return Tenant(user_id=user_id, size=size, questions=questions)


def _is_keyed(db: Database, user_id: UserId) -> bool:
    with db.transaction(user_id) as tx:
        return space_of(tx, user_id).is_keyed


def _words(random: np.random.Generator, chunks: int) -> list[list[int]]:
    """For each chunk its words, by their number."""
    shares = 1 / np.arange(_STOP_WORDS + 1, _VOCABULARY + 1)
    drawn = random.choice(len(shares), size=(chunks, _WORDS_OF_A_CHUNK), p=shares / shares.sum())
    return [list(of_chunk) for of_chunk in drawn.tolist()]


def _spelt(number: int) -> str:
    """A word that no stemmer touches and no calendar knows."""
    return "".join(_SYLLABLES[int(digit)] for digit in reversed(str(number))) + "ndox"


@contextmanager
def _database() -> Generator[tuple[Postgres, psycopg.Connection]]:
    with tempfile.TemporaryDirectory() as folder:
        postgres = Postgres.start(Path(folder))
        try:
            postgres.restart_with({"shared_buffers": "2GB", "max_parallel_workers_per_gather": "0"})
            postgres.create_database("bench")
            migrate(postgres.url("bench"))
            with psycopg.connect(postgres.url("bench"), autocommit=True) as owner:
                yield postgres, owner
        finally:
            postgres.stop()

"""`python -m bench search_function`: what a search costs beside the embedding call, in a warm function.

The real handler under a real event: claims, body, circuit, usage, JSON, logs and metrics included. The embedder is an
HTTP server in a process of its own that answers at once; what lies between the request's first byte and the answer's
last is its call, and all else is ours, the reading of its answer too.
"""

import asyncio
import contextlib
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from unittest.mock import patch

import psycopg
from rich.console import Console
from rich.table import Table

from bench.pipeline.started import ready, spawn
from bench.vector_stores.measure import load_average
from dev.function_environment import LocalAddresses
from dev.postgres import Postgres
from dev.providers import provider_settings
from shared.ai.kept_connection import KeptConnection
from shared.db.connection import Database
from shared.db.migrate import migrate
from shared.ids import UserId
from shared.search.key_words import key_words
from shared.telemetry import log
from tests.fixtures.function_here import FunctionHere, function_here
from tests.fixtures.phone import event_of
from tests.fixtures.searchable import World, add_user, load

NAME = "search_function"
GOAL_MS = 3.0

_MEDIAN, _LARGER = 80, 5_000  # chunks of two users
_NEIGHBOURS = 100
_WARM_UPS, _ROUNDS = 30, 300
_SEMANTIC, _HYBRID = "/api/search/semantic", "/api/search"
_OK = 200
_NOWHERE = "http://127.0.0.1:9"
_PREPARED, _POOLED = "&prepare_threshold=2", ""
_RESULTS = 10
_MET, _UNMET = "the boat lay there", "a walk in the rain"
_BODY = b'{"query": "where was the boat", "threshold": 0}'


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to search: the route, whose notes, and what the database's URL ends in."""

    path: str
    chunks: int
    suffix: str = _PREPARED

    def __str__(self) -> str:
        """As the table names it."""
        return f"{self.path}, {self.chunks:,} chunks{'' if self.suffix else ', behind a pooler: not prepared'}"


_WAYS = (
    Way(path=_SEMANTIC, chunks=_MEDIAN),
    Way(path=_HYBRID, chunks=_MEDIAN),
    Way(path=_SEMANTIC, chunks=_LARGER),
    Way(path=_HYBRID, chunks=_LARGER),
    Way(path=_SEMANTIC, chunks=_MEDIAN, suffix=_POOLED),
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """Milliseconds of one call: all of it, the embedder's part, and the processor's, on our side of the wire."""

    whole: float
    embedding: float
    processor: float

    @property
    def ours(self) -> float:
        """What is not the embedder's."""
        return self.whole - self.embedding


def run() -> bool:
    """Print the table; True when ours is within the goal where statements are prepared."""
    with _database() as postgres, _embedder() as embedder_url, ExitStack() as stack:
        url = postgres.url("bench", role="second_brain_app")
        functions = {
            suffix: stack.enter_context(_function(url + suffix, embedder_url)) for suffix in (_PREPARED, _POOLED)
        }
        measured = _ask_by_turns(functions)
    table = Table(
        "ms", "ours, p50", "ours, p95", "processor, p50", "embedder, p50", title="One search, the function warm"
    )
    for way, calls in measured.items():
        ours = [call.ours for call in calls]
        processor = statistics.median(call.processor for call in calls)
        embedding = statistics.median(call.embedding for call in calls)
        row = (statistics.median(ours), _p95(calls), processor, embedding)
        table.add_row(str(way), *(f"{value:.2f}" for value in row))
    median = statistics.median(call.ours for call in measured[_WAYS[0]])
    table.caption = (
        f"median user {median:.2f} ms at p50, goal {GOAL_MS:g}; {_ROUNDS} searches each, with a threshold of 0, for"
        f" which both legs must be sure of a hundred chunks; {load_average()}"
    )
    Console(width=120).print(table)
    return median <= GOAL_MS


def _p95(calls: Sequence[Call]) -> float:
    return statistics.quantiles((call.ours for call in calls), n=20)[-1]


def _ask_by_turns(functions: Mapping[str, FunctionHere]) -> dict[Way, list[Call]]:
    """One search of each way in turn; those before the plans are made and the caches filled do not count."""
    measured: dict[Way, list[Call]] = {way: [] for way in _WAYS}
    with _embedding_timed() as embedding:
        for _ in range(_WARM_UPS + _ROUNDS):
            for way in _WAYS:
                measured[way].append(_call(way, functions[way.suffix], embedding))
    return {way: calls[_WARM_UPS:] for way, calls in measured.items()}


def _call(way: Way, function: FunctionHere, embedding: list[float]) -> Call:
    event = event_of("POST", way.path, claims={"sub": f"owner of {way.chunks}"}, body=_BODY)
    embedding.clear()
    begun, worked = time.perf_counter(), time.process_time()
    answer = function(event)
    processor = (time.process_time() - worked) * 1_000
    whole = (time.perf_counter() - begun) * 1_000
    assert answer["statusCode"] == _OK, answer["body"]
    assert len(json.loads(answer["body"])["results"]) == _RESULTS, answer["body"]
    return Call(whole=whole, embedding=sum(embedding), processor=processor)


@contextmanager
def _embedding_timed() -> Generator[list[float]]:
    """What each call to the embedder took, in ms, as it ends."""
    post = KeptConnection.post
    into: list[float] = []

    def timed(connection: KeptConnection, request: bytes) -> tuple[bytes, int]:
        begun = time.perf_counter()
        answer = post(connection, request)
        into.append((time.perf_counter() - begun) * 1_000)
        return answer

    with patch.object(KeptConnection, "post", timed):
        yield into


@contextmanager
def _embedder() -> Generator[str]:
    command = [sys.executable, "-m", "bench.pipeline.instant_providers"]
    process = spawn(command, log_path=Path(os.devnull))
    try:
        yield asyncio.run(ready(process)).url
    finally:
        process.stop()


@contextmanager
def _function(database_url: str, embedder_url: str) -> Generator[FunctionHere]:
    addresses = LocalAddresses(
        database_url=lambda _: database_url,
        queue_url=_NOWHERE,
        object_url=_NOWHERE,
        providers=provider_settings({}, local_url=embedder_url),
    )
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere), _logs_into(nowhere):
        function = function_here("search", addresses)
        try:
            yield function
        finally:
            function.close()


@contextmanager
def _logs_into(stream: TextIO) -> Generator[None]:
    """The logger took hold of standard output when it was imported."""
    handlers = [handler for handler in log.handlers if isinstance(handler, logging.StreamHandler)]
    before = [handler.setStream(stream) for handler in handlers]
    try:
        yield
    finally:
        for handler, kept in zip(handlers, before, strict=True):
            handler.setStream(kept or sys.stdout)


@contextmanager
def _database() -> Generator[Postgres]:
    with tempfile.TemporaryDirectory() as folder:
        postgres = Postgres.start(Path(folder))
        try:
            postgres.create_database("bench")
            migrate(postgres.url("bench"))
            _settle(postgres)
            yield postgres
        finally:
            postgres.stop()


def _settle(postgres: Postgres) -> None:
    world, db = World.of(seed=1), Database(postgres.url("bench", role="second_brain_app"))
    with psycopg.connect(postgres.url("bench"), autocommit=True) as owner:
        for _ in range(_NEIGHBOURS):
            _note(owner, world, _MEDIAN)
        for chunks in (_MEDIAN, _LARGER):
            user_id = _note(owner, world, chunks)
            owner.execute("UPDATE users SET firebase_uid = %s WHERE id = %s", [f"owner of {chunks}", user_id])
            key_words(db, user_id)
        owner.execute("VACUUM ANALYZE")
    db.close()


def _note(owner: psycopg.Connection, world: World, chunks: int) -> UserId:
    """A user of so many chunks, a fifth of which tell of what is asked for."""
    user_id = add_user(owner)
    texts = [f"{row}: {_MET if row % 5 == 0 else _UNMET}" for row in range(chunks)]
    load(owner, user_id, world.passages(chunks), provider="local", model="all-MiniLM-L6-v2", texts=texts)
    return user_id

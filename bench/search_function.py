"""`python -m bench search_function`: what a search costs beside the embedding call, in a warm function.

The real handler under a real event: claims, body, circuit, usage, JSON, logs and metrics included. The embedder is an
HTTP server in a process of its own that answers at once; what lies between the request's first byte and the answer's
last is its call, and all else is ours, the reading of its answer too.
"""

import asyncio
import contextlib
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from unittest.mock import patch

import psycopg
from rich.console import Console
from rich.table import Table

from bench.pipeline.started import ready, spawn
from bench.vector_stores.measure import load_average
from dev.function_environment import LocalAddresses
from dev.postgres import Postgres
from dev.providers import provider_settings
from shared.ai.http_embedder import HttpEmbedder
from shared.db.migrate import migrate
from shared.telemetry import log
from tests.fixtures.function_here import FunctionHere, function_here
from tests.fixtures.phone import event_of
from tests.fixtures.searchable import World, add_user, load

NAME = "search_function"
GOAL_MS = 3.0

_CHUNKS = 80  # of the median user
_NEIGHBOURS = 100
_WARM_UPS, _ROUNDS = 30, 400
_PATH = "/api/search/semantic"
_OK = 200
_NOWHERE = "http://127.0.0.1:9"
_WAYS = {"prepared (straight to the server)": "&prepare_threshold=2", "not prepared (behind a pooler)": ""}


@dataclass(frozen=True, kw_only=True)
class Times:
    """Milliseconds of each call: all of it, the embedder's part, and the processor's, on our side of the wire."""

    whole: list[float]
    embedding: list[float]
    processor: list[float]

    @property
    def ours(self) -> list[float]:
        """What is not the embedder's."""
        return [whole - embedding for whole, embedding in zip(self.whole, self.embedding, strict=True)]


def run() -> bool:
    """Print the table; True when ours is within the goal where statements are prepared."""
    table = Table(
        "", "ours, p50 ms", "p95 ms", "processor, p50 ms", "embedder, p50 ms", title="One search, the function warm"
    )
    measured: dict[str, Times] = {}
    with _database() as postgres, _embedder() as embedder_url:
        for way, suffix in _WAYS.items():
            with _function(postgres.url("bench", role="second_brain_app") + suffix, embedder_url) as function:
                measured[way] = _ask(function)
    for way, times in measured.items():
        medians = (statistics.median(column) for column in (times.processor, times.embedding))
        p95 = statistics.quantiles(times.ours, n=20)[-1]
        table.add_row(way, *(f"{value:.2f}" for value in (statistics.median(times.ours), p95, *medians)))
    ours = statistics.median(next(iter(measured.values())).ours)
    table.caption = f"{_CHUNKS} chunks; goal {GOAL_MS} ms: {'met' if ours <= GOAL_MS else 'MISSED'}; {load_average()}"
    Console().print(table)
    return ours <= GOAL_MS


def _ask(function: FunctionHere) -> Times:
    event = event_of("POST", _PATH, claims={"sub": "searcher"}, body=b'{"query": "where was the boat", "threshold": 0}')
    times = Times(whole=[], embedding=[], processor=[])
    answer = function(event)
    with _embedding_timed(times.embedding):
        for number in range(_WARM_UPS + _ROUNDS):
            begun, worked = time.perf_counter(), time.process_time()
            answer = function(event)
            times.processor.append((time.process_time() - worked) * 1_000)
            times.whole.append((time.perf_counter() - begun) * 1_000)
            assert answer["statusCode"] == _OK, answer["body"]
            if number + 1 == _WARM_UPS:  # the plans are made, the caches filled
                for column in (times.whole, times.embedding, times.processor):
                    column.clear()
    assert '"total_results":10' in answer["body"]
    return times


@contextmanager
def _embedding_timed(into: list[float]) -> Generator[None]:
    ask = HttpEmbedder._ask  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - where the call begins and ends

    def timed(*arguments: Any) -> bytes:  # noqa: ANN401 - whatever it takes
        begun = time.perf_counter()
        body = ask(*arguments)
        into.append((time.perf_counter() - begun) * 1_000)
        return body

    with patch.object(HttpEmbedder, "_ask", timed):
        yield


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
    world = World.of(seed=1)
    with psycopg.connect(postgres.url("bench"), autocommit=True) as owner:
        users = [add_user(owner) for _ in range(_NEIGHBOURS + 1)]
        for user_id in users:
            load(owner, user_id, world.passages(_CHUNKS), provider="local", model="all-MiniLM-L6-v2")
        owner.execute("UPDATE users SET firebase_uid = 'searcher' WHERE id = %s", [users[_NEIGHBOURS // 2]])
        owner.execute("VACUUM ANALYZE")

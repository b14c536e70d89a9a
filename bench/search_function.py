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
from collections.abc import Generator, Mapping
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
        functions = {way: stack.enter_context(_function(url + suffix, embedder_url)) for way, suffix in _WAYS.items()}
        measured = _ask_by_turns(functions)
    ours = {way: [call.ours for call in calls] for way, calls in measured.items()}
    is_met = statistics.median(next(iter(ours.values()))) <= GOAL_MS
    table = Table(
        "ms", "ours, p50", "ours, p95", "processor, p50", "embedder, p50", title="One search, the function warm"
    )
    for way, calls in measured.items():
        medians = (
            statistics.median(column) for column in zip(*((c.processor, c.embedding) for c in calls), strict=True)
        )
        row = (statistics.median(ours[way]), statistics.quantiles(ours[way], n=20)[-1], *medians)
        table.add_row(way, *(f"{value:.2f}" for value in row))
    verdict = "met" if is_met else "MISSED"
    table.caption = f"{_CHUNKS} chunks, {_ROUNDS} searches; goal {GOAL_MS} ms: {verdict}; {load_average()}"
    Console().print(table)
    return is_met


def _ask_by_turns(functions: Mapping[str, FunctionHere]) -> dict[str, list[Call]]:
    """One search of each in turn; those before the plans are made and the caches filled do not count."""
    measured: dict[str, list[Call]] = {way: [] for way in functions}
    with _embedding_timed() as embedding:
        for _ in range(_WARM_UPS + _ROUNDS):
            for way, function in functions.items():
                measured[way].append(_call(function, embedding))
    return {way: calls[_WARM_UPS:] for way, calls in measured.items()}


def _call(function: FunctionHere, embedding: list[float]) -> Call:
    event = event_of("POST", _PATH, claims={"sub": "searcher"}, body=b'{"query": "where was the boat", "threshold": 0}')
    embedding.clear()
    begun, worked = time.perf_counter(), time.process_time()
    answer = function(event)
    processor = (time.process_time() - worked) * 1_000
    whole = (time.perf_counter() - begun) * 1_000
    assert answer["statusCode"] == _OK, answer["body"]
    assert '"total_results":10' in answer["body"]
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
    world = World.of(seed=1)
    with psycopg.connect(postgres.url("bench"), autocommit=True) as owner:
        users = [add_user(owner) for _ in range(_NEIGHBOURS + 1)]
        for user_id in users:
            load(owner, user_id, world.passages(_CHUNKS), provider="local", model="all-MiniLM-L6-v2")
        owner.execute("UPDATE users SET firebase_uid = 'searcher' WHERE id = %s", [users[_NEIGHBOURS // 2]])
        owner.execute("VACUUM ANALYZE")

"""A warm call of our sessions function, beside its own SQL by hand, and beside the common stack under Mangum.

All three run in this process, each on a connection of its own to the same server, in rounds that alternate:

- ours: the handler as it is deployed, given the gateway's event; nothing is sent to a queue;
- by hand: the statements our handler has just sent, the same text with the same values, sent again through psycopg to
  databases that hold the same rows: one by one, as one writes it, which the goal is measured against, and in our own
  messages, which hold several. Their rows are fetched as tuples and nothing is done with them;
- the common stack: FastAPI, SQLAlchemy's async ORM and asyncpg (bench/peer), given the same event by Mangum, which
  trusts the gateway's token as ours does.

The server does not wait for its disk (fsync off), which would cost all three the same.
"""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from mangum import Mangum
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.captured import Captured, add_sessions, add_texts, add_users
from bench.peer.app import create_app
from bench.ratios import ratio_of
from bench.served.sessions_function import Events, SessionsFunction
from bench.warm.by_hand import Script, Statement, as_text, one_by_one, run_by_hand, written_down
from dev.gateway.events import HttpRequest
from dev.postgres import Postgres
from shared.db.migrate import migrate
from shared.ids import new_id

NAME = "warm"
MOST_OF_SQL = 1.3
LEAST_OF_COMMON = 2.5
OURS, HAND, PACKED, COMMON = "ours", "by hand", "by hand, packed", "common stack"
SIDES = (OURS, HAND, PACKED, COMMON)
MODES = {"pooled": "as behind a pooler, nothing prepared", "direct": "straight to the server, statements prepared"}
_ROUNDS = 40
_BATCH = 10
_WARM = 30
_CONTEXT: Any = None  # Mangum hands it on and never looks
_DATABASES = {OURS: "ours", HAND: "by_hand", PACKED: "packed", COMMON: "common"}

Ask = Callable[[Captured], HttpRequest]
Rounds = dict[str, list[float]]
"""The median milliseconds of each side's calls, one figure a round."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One route, and the status that answers it."""

    name: str
    ask: Ask
    status: int


@dataclass(kw_only=True)
class Sides:
    """All of them, ready to be called."""

    ours: SessionsFunction
    script: Script
    hands: dict[str, psycopg.Connection]
    common: Mangum
    events: Events = field(default_factory=Events)


def run() -> bool:
    """Print the tables; True when every operation is within both goals."""
    is_within = True
    for mode in MODES:
        # A function builds its clients once in a process, so each mode has one; what it prints goes nowhere.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_silence) as process:
            taken = process.submit(_measure, mode).result()
        Console().print(_table(taken, mode))
        is_within &= all(_is_within(one) for one in taken.values())
    return is_within


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _measure(mode: str) -> dict[str, Rounds]:
    with tempfile.TemporaryDirectory() as folder:
        postgres = Postgres.start(Path(folder))
        try:
            postgres.stop_waiting_for_the_disk()
            sessions = _filled(postgres)
            with _sides(postgres, mode) as sides:
                return {one.name: _compare(sides, one, sessions) for one in _OPERATIONS}
        finally:
            postgres.stop()


def _filled(postgres: Postgres) -> list[Captured]:
    """A database for each side, with the very same rows."""
    first, *others = _DATABASES.values()
    postgres.create_database(first)
    migrate(postgres.url(first))
    with psycopg.connect(postgres.url(first), autocommit=True) as owner:
        sessions = add_sessions(owner, add_users(owner, "warm"), _WARM + _ROUNDS * _BATCH)
        add_texts(owner)
        owner.execute("VACUUM ANALYZE")
    for name in others:
        postgres.create_database(name, template=first)
    return sessions


@contextmanager
def _sides(postgres: Postgres, mode: str) -> Generator[Sides]:
    """Ours obeys row-level security, and so does what is done by hand; the common stack connects as the owner."""
    threshold = 2 if mode == "direct" else None
    urls = {side: postgres.url(name, role="second_brain_app") for side, name in _DATABASES.items()}
    common_url = postgres.url(_DATABASES[COMMON]).replace("postgresql://", "postgresql+asyncpg://")
    script = Script()
    with ExitStack() as stack:
        hands = {
            side: stack.enter_context(psycopg.connect(urls[side], autocommit=True, prepare_threshold=threshold))
            for side in (HAND, PACKED)
        }
        stack.enter_context(written_down(script))
        ours = SessionsFunction(urls[OURS] + (f"&prepare_threshold={threshold}" if threshold else ""), "")
        stack.callback(ours.db.close)
        common = Mangum(create_app(common_url, None, mode=mode), lifespan="off")
        yield Sides(ours=ours, script=script, hands=hands, common=common)


def _compare(sides: Sides, operation: Operation, sessions: Sequence[Captured]) -> Rounds:
    rounds: Rounds = {side: [] for side in SIDES}
    _batch(sides, operation, sessions[:_WARM])
    for number in track(range(_ROUNDS), description=operation.name, console=Console(stderr=True)):
        begin = _WARM + number * _BATCH
        for side, taken in _batch(sides, operation, sessions[begin : begin + _BATCH]).items():
            rounds[side].append(statistics.median(taken))
    return rounds


def _batch(sides: Sides, operation: Operation, sessions: Sequence[Captured]) -> dict[str, list[float]]:
    """Milliseconds of each call; each side in a row of its own, as it would be called."""
    taken: dict[str, list[float]] = {side: [] for side in SIDES}
    events = [sides.events.of(operation.ask(one), uid=one.firebase_uid) for one in sessions]
    scripts: list[list[Statement]] = []
    for event in events:
        sides.script.statements.clear()
        taken[OURS].append(_served(OURS, lambda event=event: sides.ours.handler(event, None), operation))
        scripts.append(as_text(sides.script.statements, sides.hands[HAND]))
    for side, ready in ((HAND, [one_by_one(script) for script in scripts]), (PACKED, scripts)):
        for script in ready:
            begun = perf_counter()
            run_by_hand(sides.hands[side], script)
            taken[side].append(_milliseconds_since(begun))
    for event in events:
        taken[COMMON].append(_served(COMMON, lambda event=event: sides.common(event, _CONTEXT), operation))
    return taken


def _served(side: str, call: Callable[[], dict[str, Any]], operation: Operation) -> float:
    begun = perf_counter()
    response = call()
    taken = _milliseconds_since(begun)
    if response["statusCode"] != operation.status:
        raise RuntimeError(f"{side} answered {response['statusCode']} to {operation.name}: {response['body']}")
    return taken


def _milliseconds_since(begun: float) -> float:
    return (perf_counter() - begun) * 1_000


def _create(captured: Captured) -> HttpRequest:
    wanted = {"id": str(new_id()), "session_type": "mixed", "title": "A walk"}
    return _request("POST", "/api/sessions", captured, wanted)


def _finalize(captured: Captured) -> HttpRequest:
    return _request("POST", f"/api/sessions/{captured.session_id}/finalize", captured, {"ai": True})


def _read(captured: Captured) -> HttpRequest:
    return _request("GET", f"/api/sessions/{captured.session_id}", captured, None)


def _request(method: str, path: str, captured: Captured, body: dict[str, Any] | None) -> HttpRequest:
    headers = (("x-firebase-uid", captured.firebase_uid), ("content-type", "application/json"), ("host", "api"))
    raw = b"" if body is None else json.dumps(body).encode()
    return HttpRequest(method=method, raw_path=path, raw_query="", headers=headers, body=raw)


_OPERATIONS = (
    Operation(name="create", ask=_create, status=201),
    Operation(name="finalize, nothing sent", ask=_finalize, status=200),
    Operation(name="read", ask=_read, status=200),
)


def _ratio(rounds: Rounds, side: str, other: str) -> float:
    return ratio_of(rounds[side], rounds[other])


def _is_within(rounds: Rounds) -> bool:
    return _ratio(rounds, OURS, HAND) <= MOST_OF_SQL and _ratio(rounds, COMMON, OURS) >= LEAST_OF_COMMON


def _table(measured: dict[str, Rounds], mode: str) -> Table:
    columns = [f"{side}, ms" for side in SIDES]
    table = Table(
        "", *columns, "x by hand", "x by hand, packed", "x less than common", title=f"Warm calls ({MODES[mode]})"
    )
    for name, rounds in measured.items():
        over, beside = _ratio(rounds, OURS, HAND), _ratio(rounds, COMMON, OURS)
        table.add_row(
            name,
            *(f"{statistics.median(rounds[side]):.2f}" for side in SIDES),
            f"{over:.2f} {'within' if over <= MOST_OF_SQL else 'MISSED'}",
            f"{_ratio(rounds, OURS, PACKED):.2f}",
            f"{beside:.2f} {'within' if beside >= LEAST_OF_COMMON else 'MISSED'}",
        )
    return table

"""Creating, finalizing and reading a session, beside the common stack: FastAPI, SQLAlchemy's async ORM, asyncpg.

Both do the same work on the same tables of the same server and answer the same JSON; the peer (bench/peer) locks the
session's row, debits conditionally, writes an outbox, and publishes after the commit. Both stand behind the same
uvicorn with one worker, called by the same client over one kept connection each, one call at a time, in rounds that
alternate. Each is measured twice in the same call: by the client, over HTTP; and inside, from the parsed request to the
ready answer, without HTTP (ours: the handler; the peer: its ASGI app).

They are compared twice: each connected straight to the server, where both prepare their statements, and each as behind
a pooler in transaction mode, where neither may (docs/adr/0002).

In the peer's favour: it has no row-level security to obey, trusts the body's JSON and asks for no request id. Ours pays
over HTTP for the gateway's work, which AWS does in production. Neither verifies a token: the gateway has done so.

The server does not wait for its disk (fsync off): a commit costs both sides the same, and on a shared disk, where it
takes 0.3 to 4 ms from one minute to the next, it would be most of what is measured.
"""

import asyncio
import json
import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import psycopg
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.captured import Captured, add_sessions, add_texts, add_users
from dev.child_process import child
from dev.postgres import Postgres
from shared.db.migrate import migrate
from shared.ids import new_id

NAME = "peer"
GOAL = 2.5
DIRECT, POOLED = "direct", "pooled"
MODES = {DIRECT: "straight to the server, statements prepared", POOLED: "as behind a pooler, nothing prepared"}
_ROUNDS = 25
_BATCH = 15
_WARM = 30
_COMMITS = 100


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, and the status that answers it."""

    method: str
    path: str
    uid: str
    body: dict[str, Any] | None
    status: int


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What calls of one kind to one side took, in ms; `server_cpu_ms` is one figure a round."""

    http: list[float] = field(default_factory=list[float])
    inside: list[float] = field(default_factory=list[float])
    inside_cpu: list[float] = field(default_factory=list[float])
    server_cpu: list[float] = field(default_factory=list[float])


@dataclass(frozen=True, kw_only=True)
class Side:
    """One server, and the sessions it is to work on."""

    name: str
    connection: HTTPConnection
    sessions: list[Captured]


@dataclass(frozen=True, kw_only=True)
class Result:
    """Both sides of one operation."""

    operation: str
    ours: Taken
    peer: Taken


Ask = Callable[[Captured], Call]


def run() -> bool:
    """Print the tables; True when every operation is within the goal, over HTTP and inside."""
    is_within = True
    for mode in MODES:
        results, commit_ms = asyncio.run(_measure(mode))
        for yardstick in ("http", "inside"):
            Console().print(_table(results, yardstick, mode))
        loop = "uvloop" if find_spec("uvloop") else "asyncio's own loop (no uvloop here)"
        print(f"A commit of one row, p50: {commit_ms:.2f} ms; finalize has two. Both sides on {loop}.")
        is_within &= all(_ratio(result, yardstick) >= GOAL for result in results for yardstick in ("http", "inside"))
    return is_within


async def _measure(mode: str) -> tuple[list[Result], float]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = Postgres.start(folder / "postgres")
        stack.callback(postgres.stop)
        postgres.stop_waiting_for_the_disk()
        postgres.create_database("bench")
        migrate(postgres.url("bench"))
        owner = stack.enter_context(psycopg.connect(postgres.url("bench"), autocommit=True))
        start = partial(_start, stack, postgres, owner, folder / "log", mode)
        queue_url = await stack.enter_async_context(child("bench.served.queue", log_path=folder / "log"))
        sending = [await start(name, queue_url) for name in ("ours", "peer")]
        silent = [await start(name) for name in ("ours", "peer")]
        owner.execute("VACUUM ANALYZE")
        results = [
            _compare("create", sending, _create),
            _compare("finalize", sending, _finalize),
            _compare("finalize, nothing sent", silent, _finalize),
            _compare("finalize again", sending, _finalize),
        ]
        add_texts(owner)
        owner.execute("VACUUM ANALYZE")
        results.append(_compare("read", sending, _read))
        _check(owner)
        return results, _commit_ms(owner)


async def _start(
    stack: AsyncExitStack,
    postgres: Postgres,
    owner: psycopg.Connection,
    log: Path,
    mode: str,
    name: str,
    queue_url: str = "",
) -> Side:
    """A server with sessions of its own. The peer connects as the owner, whom row-level security does not hold."""
    role = "second_brain_app" if name == "ours" else "postgres"
    url = postgres.url("bench", role=role) + ("&prepare_threshold=2" if (name, mode) == ("ours", DIRECT) else "")
    address = await stack.enter_async_context(child(f"bench.served.{name}", url, queue_url, mode, log_path=log))
    connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
    stack.callback(connection.close)
    uids = add_users(owner, f"{name}-{'sending' if queue_url else 'silent'}")
    return Side(name=name, connection=connection, sessions=add_sessions(owner, uids, _WARM + _ROUNDS * _BATCH))


def _create(captured: Captured) -> Call:
    wanted = {"id": str(new_id()), "session_type": "mixed", "title": "A walk"}
    return Call(method="POST", path="/api/sessions", uid=captured.firebase_uid, body=wanted, status=201)


def _finalize(captured: Captured) -> Call:
    path = f"/api/sessions/{captured.session_id}/finalize"
    return Call(method="POST", path=path, uid=captured.firebase_uid, body={"ai": True}, status=200)


def _read(captured: Captured) -> Call:
    path = f"/api/sessions/{captured.session_id}"
    return Call(method="GET", path=path, uid=captured.firebase_uid, body=None, status=200)


def _compare(operation: str, sides: Sequence[Side], ask: Ask) -> Result:
    taken = {side.name: Taken() for side in sides}
    for side in sides:
        _batch(side, ask, side.sessions[:_WARM], Taken())
    for number in track(range(_ROUNDS), description=operation):
        begin = _WARM + number * _BATCH
        for side in sides if number % 2 else reversed(sides):
            _batch(side, ask, side.sessions[begin : begin + _BATCH], taken[side.name])
    return Result(operation=operation, ours=taken["ours"], peer=taken["peer"])


def _batch(side: Side, ask: Ask, sessions: Sequence[Captured], taken: Taken) -> None:
    before = _told(side)
    for captured in sessions:
        call = ask(captured)
        begun = perf_counter()
        _send(side, call)
        taken.http.append((perf_counter() - begun) * 1_000)
    after = _told(side)
    taken.inside.extend(after["wall_ms"])
    taken.inside_cpu.extend(after["cpu_ms"])
    taken.server_cpu.append((after["process_cpu_ms"] - before["process_cpu_ms"]) / len(sessions))


def _told(side: Side) -> dict[str, Any]:
    side.connection.request("GET", "/measured")
    return json.loads(side.connection.getresponse().read())


def _send(side: Side, call: Call) -> None:
    headers = {"x-firebase-uid": call.uid, "content-type": "application/json", "x-request-id": "bench"}
    body = None if call.body is None else json.dumps(call.body).encode()
    side.connection.request(call.method, call.path, body=body, headers=headers)
    answer = side.connection.getresponse()
    text = answer.read()
    if answer.status != call.status:
        raise RuntimeError(f"{side.name} answered {answer.status} to {call.method} {call.path}: {text.decode()}")


def _check(owner: psycopg.Connection) -> None:
    """Both sides left the same rows behind, or they did not do the same work."""
    rows = owner.execute(
        """
        SELECT split_part(u.firebase_uid, '-', 1),
               count(*),
               sum((SELECT count(*) FROM sessions t WHERE t.user_id = u.id)),
               sum((SELECT count(*) FROM sessions t WHERE t.user_id = u.id AND t.status = 'pending_processing')),
               sum((SELECT count(*) FROM credit_ledger t WHERE t.user_id = u.id)),
               sum(u.credits),
               sum((SELECT count(*) FROM ai_jobs t WHERE t.user_id = u.id)),
               sum((SELECT count(*) FROM job_steps t WHERE t.user_id = u.id)),
               sum((SELECT count(*) FROM outbox t WHERE t.user_id = u.id AND t.published_at IS NOT NULL))
        FROM users u
        GROUP BY 1
        """
    ).fetchall()
    ours, peer = (row[1:] for row in sorted(rows))
    if ours != peer:
        raise RuntimeError(f"not the same work: ours left {ours}, the peer {peer}")


def _commit_ms(owner: psycopg.Connection) -> float:
    """What neither side can help."""
    taken: list[float] = []
    for _ in range(_COMMITS):
        begun = perf_counter()
        owner.execute("UPDATE users SET updated_at = now() WHERE firebase_uid = 'peer-silent-0'")
        taken.append((perf_counter() - begun) * 1_000)
    return _p50(taken)


def _ratio(result: Result, yardstick: str) -> float:
    return _p50(getattr(result.peer, yardstick)) / _p50(getattr(result.ours, yardstick))


def _table(results: Sequence[Result], yardstick: str, mode: str) -> Table:
    titles = {"http": "A call over HTTP, server's CPU", "inside": "Inside: without HTTP, its CPU"}
    columns = [f"{side}, {what}" for side in ("ours", "peer") for what in ("p50 ms", "p95", "CPU ms")]
    table = Table("", *columns, "x less at p50", f"goal {GOAL}", title=f"{titles[yardstick]} ({MODES[mode]})")
    for result in results:
        cells: list[str] = []
        for taken in (result.ours, result.peer):
            figures: list[float] = getattr(taken, yardstick)
            cpu = taken.server_cpu if yardstick == "http" else taken.inside_cpu
            cells += [f"{value:.2f}" for value in (_p50(figures), _p95(figures), statistics.mean(cpu))]
        ratio = _ratio(result, yardstick)
        table.add_row(result.operation, *cells, f"{ratio:.2f}", "within" if ratio >= GOAL else "MISSED")
    return table


def _p50(figures: Sequence[float]) -> float:
    return statistics.median(figures)


def _p95(figures: Sequence[float]) -> float:
    return statistics.quantiles(figures, n=20)[-1]

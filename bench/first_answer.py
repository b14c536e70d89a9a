"""How long a function takes from nothing to its first answer, beside the common stack, on the same database.

The call is GET of a session, whose token the gateway has verified. A process is started through the real runtime
client, initialises, connects to the database, and answers; that is a round of each side, side after side:

- ours: the function `sessions` from its bundle, with nothing but the bundle and the client in reach;
- the common stack (bench/common_stack): FastAPI, Mangum, SQLAlchemy and asyncpg in one function for all routes, with
  firebase-admin, stripe and openai imported and their clients made at the top;
- the same with each of these SDKs imported where it is needed, which reading a session is not.

Both of the common stack's are imported from this environment, whose byte code is there as well.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.captured import Captured, add_sessions, add_texts, add_users
from bench.memory import peak_megabytes
from bench.ratios import ratio_of
from bench.served.sessions_function import Events
from dev.function_environment import LocalAddresses, function_environment
from dev.gateway.events import HttpRequest
from dev.lambda_runtime.client_folder import make_client_folder
from dev.lambda_runtime.pool import FunctionPool
from dev.postgres import Postgres
from dev.providers import provider_settings
from functions.catalogue import FUNCTIONS, Function
from infra_cdk.bundling.build_bundles import build_bundles, folders
from infra_cdk.bundling.target import HERE
from shared.db.migrate import migrate

NAME = "first-answer"
OURS, COMMON, LAZY = "ours", "common stack", "common stack, SDKs imported lazily"
GOALS = {COMMON: 5.0, LAZY: 1.6}
"""How many times faster ours is to be."""

_ROUNDS = 15
_ROOT = Path(__file__).resolve().parents[1]
_NOWHERE = "http://127.0.0.1:9"
_DATABASE = "first_answer"
_OK = 200

NewPool = Callable[[], FunctionPool]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Milliseconds until the first answer, a figure a round, and the most memory of the last process, in MB."""

    milliseconds: list[float] = field(default_factory=list[float])
    megabytes: list[float] = field(default_factory=list[float])


def run() -> bool:
    """Print the table; True when both goals are met."""
    build_bundles(HERE)
    with tempfile.TemporaryDirectory() as folder:
        postgres = Postgres.start(Path(folder) / "postgres")
        try:
            (Path(folder) / "client").mkdir()
            client = make_client_folder(Path(folder) / "client")
            taken = asyncio.run(_measure(_pools(postgres, client), _event(_filled(postgres))))
        finally:
            postgres.stop()
    Console().print(_table(taken))
    return all(_ratio(taken, side) >= goal for side, goal in GOALS.items())


def _filled(postgres: Postgres) -> Captured:
    postgres.create_database(_DATABASE)
    migrate(postgres.url(_DATABASE))
    with psycopg.connect(postgres.url(_DATABASE), autocommit=True) as owner:
        captured, *_ = add_sessions(owner, add_users(owner, "cold"), 1)
        add_texts(owner)
    return captured


def _event(captured: Captured) -> dict[str, Any]:
    headers = (("x-firebase-uid", captured.firebase_uid), ("host", "api"))
    path = f"/api/sessions/{captured.session_id}"
    request = HttpRequest(method="GET", raw_path=path, raw_query="", headers=headers)
    return Events().of(request, uid=captured.firebase_uid)


def _pools(postgres: Postgres, client: Path) -> Mapping[str, NewPool]:
    ours = next(function for function in FUNCTIONS if function.name == "sessions")
    addresses = LocalAddresses(
        database_url=lambda _: postgres.url(_DATABASE, role="second_brain_app"),
        queue_url=_NOWHERE,
        object_url=_NOWHERE,
        providers=provider_settings({}, local_url=_NOWHERE),
    )

    def of_ours() -> FunctionPool:
        environment = function_environment(ours, addresses)
        return _pool(ours, environment, folders(HERE)[ours.family], client)

    def of_common(module: str) -> FunctionPool:
        function = replace(ours, name=module, handler=f"bench.common_stack.{module}.handler")
        return _pool(function, {"DATABASE_URL": postgres.url(_DATABASE)}, _ROOT, None)

    return {OURS: of_ours, COMMON: lambda: of_common("eager"), LAZY: lambda: of_common("lazy")}


def _pool(function: Function, environment: Mapping[str, str], task_root: Path, client: Path | None) -> FunctionPool:
    return FunctionPool(
        function, environment=environment, task_root=task_root, log=lambda _: None, max_processes=1, client=client
    )


async def _measure(pools: Mapping[str, NewPool], event: Mapping[str, Any]) -> dict[str, Taken]:
    """In rounds, so that a slow minute of the machine falls on all alike; the first only reads the disk."""
    taken = {side: Taken() for side in pools}
    for number in track(range(_ROUNDS + 1), description="first answers"):
        for side, new_pool in pools.items():
            milliseconds, megabytes = await _first_answer(side, new_pool(), event)
            if number:
                taken[side].milliseconds.append(milliseconds)
                taken[side].megabytes.append(megabytes)
    return taken


async def _first_answer(side: str, pool: FunctionPool, event: Mapping[str, Any]) -> tuple[float, float]:
    begun = time.perf_counter()
    try:
        result = await pool.invoke(event)
        milliseconds = (time.perf_counter() - begun) * 1_000
        if result.error is not None or result.payload["statusCode"] != _OK:
            raise RuntimeError(f"{side} did not answer: {result.error or result.payload}")
        return milliseconds, max(peak_megabytes(pid) for pid in pool.pids)
    finally:
        await pool.stop()


def _ratio(taken: Mapping[str, Taken], side: str) -> float:
    return ratio_of(taken[side].milliseconds, taken[OURS].milliseconds)


def _table(taken: Mapping[str, Taken]) -> Table:
    table = Table(
        "", "first answer, median ms", "peak MB", "x ours", "goal", "", title="From nothing to the first answer"
    )
    for side, figures in taken.items():
        cells = [f"{statistics.median(figures.milliseconds):.0f}", f"{statistics.median(figures.megabytes):.0f}"]
        if side in GOALS:
            ratio = _ratio(taken, side)
            cells += [f"{ratio:.2f}", f"{GOALS[side]:g}", "within" if ratio >= GOALS[side] else "MISSED"]
        table.add_row(side, *cells)
    return table

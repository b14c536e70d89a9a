"""How long each API function takes to initialise through the real runtime client, beside a bare function.

The bare function imports psycopg and pydantic, and the signing parts of botocore for functions that presign or
publish. `import pydantic` loads lazily, so there are two of each: pydantic named only (the goal is against this one),
and pydantic in use, `from pydantic import BaseModel`, as in any function that validates something.
"""

import asyncio
import compileall
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from dev.function_environment import LocalAddresses, function_environment
from dev.lambda_runtime.pool import FunctionPool
from dev.providers import provider_settings
from functions.catalogue import FUNCTIONS, Function

NAME = "coldstart"
GOAL = 1.5
_ROUNDS = 15
_ROOT = Path(__file__).resolve().parents[1]
Rounds = dict[str, list[float]]
"""Milliseconds of each function, one figure a round."""

_NOWHERE = "http://127.0.0.1:9"
_BARE = {
    name: Function(name=name, handler=f"bench.bare.{name}.handler", family="plain")
    for name in ("plain", "signing", "plain_model", "signing_model")
}


def run() -> bool:
    """Print the table; True when every function is within the goal."""
    for folder in ("functions", "shared", "bench"):
        compileall.compile_dir(_ROOT / folder, quiet=1)
    ours = [function for function in FUNCTIONS if function.routes]
    rounds = asyncio.run(_measure([*_BARE.values(), *ours]))
    table = Table(
        "function", "init, median ms", "x bare", f"goal {GOAL}", "x bare with pydantic in use", title="Cold start"
    )
    for name in _BARE:
        table.add_row(name, f"{_median(rounds, name):.0f}", "", "", "")
    is_within = True
    for function in ours:
        bare = "signing" if function.bucket or function.sends_to else "plain"
        ratio = _ratio(rounds, function.name, bare)
        is_within &= ratio <= GOAL
        in_use = f"{_ratio(rounds, function.name, f'{bare}_model'):.2f}"
        verdict = "within" if ratio <= GOAL else "MISSED"
        table.add_row(function.name, f"{_median(rounds, function.name):.0f}", f"{ratio:.2f} of {bare}", verdict, in_use)
    Console().print(table)
    return is_within


def _median(rounds: Rounds, name: str) -> float:
    return statistics.median(rounds[name])


def _ratio(rounds: Rounds, name: str, bare: str) -> float:
    """The median of the ratios of each round, whose two figures saw the same machine."""
    return statistics.median(ours / theirs for ours, theirs in zip(rounds[name], rounds[bare], strict=True))


async def _measure(functions: Sequence[Function]) -> Rounds:
    """Milliseconds of each function, in rounds, so that a slow minute of the machine falls on all alike."""
    measured: Rounds = {function.name: [] for function in functions}
    for number in track(range(_ROUNDS + 1), description="cold starts"):
        for function in functions:
            taken = await _init_milliseconds(function)
            if number:  # the first round reads the disk
                measured[function.name].append(taken)
    return measured


async def _init_milliseconds(function: Function) -> float:
    pool = FunctionPool(function, environment=_environment(function), task_root=_ROOT, log=lambda _: None)
    begun = time.perf_counter()
    await pool.prewarm()
    taken = (time.perf_counter() - begun) * 1_000
    if not pool.pids:
        raise RuntimeError(f"{function.name} did not initialise")
    await pool.stop()
    return taken


def _environment(function: Function) -> dict[str, str]:
    """Addresses nobody listens at: initialising connects to nothing."""
    return function_environment(
        function,
        LocalAddresses(
            database_url=lambda role: f"postgresql://{role}@127.0.0.1:9/none",
            queue_url=_NOWHERE,
            object_url=_NOWHERE,
            providers=provider_settings({}, local_url=_NOWHERE),
        ),
    )

"""How long each API function takes to initialise through the real runtime client, beside a bare function."""

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
_ROUNDS = 11
_ROOT = Path(__file__).resolve().parents[1]
_NOWHERE = "http://127.0.0.1:9"
_PLAIN = Function(name="bare", handler="bench.bare.plain.handler", family="api")
_SIGNING = Function(name="bare + botocore", handler="bench.bare.signing.handler", family="api")


def run() -> bool:
    """Print the table; True when every function is within the goal."""
    for folder in ("functions", "shared", "bench"):
        compileall.compile_dir(_ROOT / folder, quiet=1)
    measured = [_PLAIN, _SIGNING, *(function for function in FUNCTIONS if function.routes)]
    milliseconds = asyncio.run(_measure(measured))
    table = Table("function", "init, median ms", "beside", "ratio", f"goal {GOAL}", title="Cold start")
    is_within = True
    for function in measured:
        bare = _SIGNING if function.bucket or function.sends_to else _PLAIN
        ratio = statistics.median(milliseconds[function.name]) / statistics.median(milliseconds[bare.name])
        is_within &= ratio <= GOAL
        verdict = "" if function in (_PLAIN, _SIGNING) else ("within" if ratio <= GOAL else "MISSED")
        median = f"{statistics.median(milliseconds[function.name]):.0f}"
        table.add_row(function.name, median, bare.name, f"{ratio:.2f}", verdict)
    Console().print(table)
    return is_within


async def _measure(functions: Sequence[Function]) -> dict[str, list[float]]:
    """Milliseconds of each function, in rounds, so that a slow minute of the machine falls on all alike."""
    measured: dict[str, list[float]] = {function.name: [] for function in functions}
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

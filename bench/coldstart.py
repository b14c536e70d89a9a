"""How long each API function takes to initialise through the real runtime client, beside a bare function.

Ours run from their bundles, with nothing but the bundle and the client in reach. The bare function (bench/bare) imports
psycopg and pydantic, and the signing parts of botocore for functions that presign or publish, which ours do without
(docs/adr/0050); it lies in a folder of the same kind, beside the packages of a family. `import pydantic` loads lazily,
so there are two of each: pydantic named only (the goal is against this one), and pydantic in use, as in any function
that validates something.
"""

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.memory import API_GOAL_MB, peak_megabytes
from bench.ratios import ratio_of
from dev.function_environment import LocalAddresses, function_environment
from dev.lambda_runtime.client_folder import make_client_folder
from dev.lambda_runtime.pool import FunctionPool
from dev.providers import provider_settings
from functions.catalogue import FUNCTIONS, Function
from functions.catalogue.shapes import Family
from infra_cdk.bundling.build_bundles import build_bundles, folders
from infra_cdk.bundling.byte_code import compile_tree
from infra_cdk.bundling.target import HERE

NAME = "coldstart"
GOAL = 1.5
_ROUNDS = 15
_ROOT = Path(__file__).resolve().parents[1]
_NOWHERE = "http://127.0.0.1:9"
_BOTOCORE = ("botocore", "dateutil", "six")
_BARE: Mapping[str, Family] = {
    "plain": "plain",
    "signing": "signing",
    "plain_model": "plain",
    "signing_model": "signing",
}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A function, where it lies, the bare one beside it, and of each round milliseconds of Init and MB after it."""

    function: Function
    folder: Path
    bare: str = ""
    milliseconds: list[float] = field(default_factory=list[float])
    megabytes: list[float] = field(default_factory=list[float])

    def ratio(self, other: "Measured") -> float:
        """How many times as long it takes as another."""
        return ratio_of(self.milliseconds, other.milliseconds)


def run() -> bool:
    """Print the table; True when every function is within the goal."""
    build_bundles(HERE)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "client").mkdir()
        client = make_client_folder(Path(folder) / "client")
        bare = {name: _bare(name, family, Path(folder) / name) for name, family in _BARE.items()}
        ours = [_ours(function) for function in FUNCTIONS if function.routes]
        asyncio.run(_measure([*bare.values(), *ours], client))
    Console().print(_table(bare, ours))
    return all(measured.ratio(bare[measured.bare]) <= GOAL for measured in ours)


def _ours(function: Function) -> Measured:
    bare = "signing" if function.bucket or function.sends_to else "plain"
    return Measured(function=function, folder=folders(HERE)[function.family], bare=bare)


def _bare(name: str, family: Family, folder: Path) -> Measured:
    """Its modules, compiled as ours are, beside links to the packages of a family's bundle."""
    ignore = shutil.ignore_patterns("__pycache__", "data")
    shutil.copytree(_ROOT / "bench" / "bare", folder / "bench" / "bare", ignore=ignore)
    for package in _BOTOCORE if family == "signing" else ():
        spec = find_spec(package)
        origin = Path(str(spec and spec.origin))
        if origin.name == "__init__.py":
            shutil.copytree(origin.parent, folder / package, ignore=ignore)
        else:
            shutil.copy(origin, folder)
    compile_tree(folder, [path.relative_to(folder) for path in folder.rglob("*.py")], sys.executable)
    for package in folders(HERE)[family].iterdir():
        if package.name not in ("functions", "shared"):
            (folder / package.name).symlink_to(package)
    return Measured(function=Function(name=name, handler=f"bench.bare.{name}.handler", family=family), folder=folder)


async def _measure(sides: Sequence[Measured], client: Path) -> None:
    """In rounds, so that a slow minute of the machine falls on all alike; the first only reads the disk."""
    for number in track(range(_ROUNDS + 1), description="cold starts"):
        for side in sides:
            milliseconds, megabytes = await _initialised(side, client)
            if number:
                side.milliseconds.append(milliseconds)
                side.megabytes.append(megabytes)


async def _initialised(side: Measured, client: Path) -> tuple[float, float]:
    pool = FunctionPool(
        side.function,
        environment=_environment(side.function),
        task_root=side.folder,
        log=lambda _: None,
        max_processes=1,
        client=client,
    )
    begun = time.perf_counter()
    try:
        await pool.prewarm()
        milliseconds = (time.perf_counter() - begun) * 1_000
        if not pool.pids:
            raise RuntimeError(f"{side.function.name} did not initialise")
        return milliseconds, max(map(peak_megabytes, pool.pids))
    finally:
        await pool.stop()


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


def _table(bare: Mapping[str, Measured], ours: Sequence[Measured]) -> Table:
    table = Table(
        "function",
        "ms",
        "x bare",
        f"goal {GOAL}",
        "x without botocore",
        "x with pydantic in use",
        "MB",
        f"goal {API_GOAL_MB}",
        title="Init of the bundles: median milliseconds, peak of the resident set",
    )
    for name, side in bare.items():
        table.add_row(f"bare: {name}", _median(side.milliseconds), "", "", "", "", _median(side.megabytes), "")
    for side in ours:
        ratio = side.ratio(bare[side.bare])
        table.add_row(
            side.function.name,
            _median(side.milliseconds),
            f"{ratio:.2f} {side.bare}",
            _verdict(ratio, GOAL),
            f"{side.ratio(bare['plain']):.2f}",
            f"{side.ratio(bare[f'{side.bare}_model']):.2f}",
            _median(side.megabytes),
            _verdict(statistics.median(side.megabytes), API_GOAL_MB),
        )
    return table


def _median(figures: Sequence[float]) -> str:
    return f"{statistics.median(figures):.0f}"


def _verdict(figure: float, goal: float) -> str:
    return "within" if figure <= goal else "MISSED"

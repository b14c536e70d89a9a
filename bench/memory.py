"""The most memory each function took for the main job, played on the local stack by functions run from their bundles.

The figure is the resident set's peak (VmHWM of /proc/<pid>/status) of the largest of a function's processes: with the
interpreter, the runtime client and everything the function imports and holds, as Lambda's "Max Memory Used" counts it.
A function that the job does not call has only initialised. MB are Lambda's: of 1,024 x 1,024 bytes.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from dev.demo.play import play_main_job
from dev.lambda_runtime.client_folder import make_client_folder
from dev.lambda_runtime.pool import FunctionPool
from dev.settings import Bundles, StackSettings
from dev.stack import running
from functions.catalogue import FUNCTIONS, Function
from infra_cdk.bundling.build_bundles import build_bundles, folders
from infra_cdk.bundling.target import HERE

NAME = "memory"
API_GOAL_MB = 64
WORKER_GOAL_MB = 512
_KIB_OF_MB = 1_024


@dataclass(frozen=True, kw_only=True)
class Peak:
    """What a function took at most, in MB, and whether the job called it."""

    function: Function
    megabytes: float
    was_called: bool

    @property
    def goal(self) -> int:
        """In MB."""
        return API_GOAL_MB if self.function.routes else WORKER_GOAL_MB

    @property
    def is_within(self) -> bool:
        """Whether the goal is met."""
        return self.megabytes <= self.goal


def run() -> bool:
    """Print the table; True when every function is within its goal."""
    build_bundles(HERE)
    with tempfile.TemporaryDirectory() as folder:
        peaks = asyncio.run(_played(Path(folder)))
    Console().print(_table(peaks))
    return all(peak.is_within for peak in peaks)


async def _played(folder: Path) -> list[Peak]:
    (folder / "client").mkdir()
    bundles = Bundles(folders=folders(HERE), client=make_client_folder(folder / "client"))
    settings = StackSettings(port=0, data_dir=folder / "data", bundles=bundles)
    async with running(settings) as stack:
        at_rest = _peaks(stack.pools)
        if not await play_main_job(stack, uid=f"bench-{uuid4().hex[:8]}", begun=time.perf_counter()):
            raise RuntimeError(f"the main job went wrong: {stack.log_path.read_text()[-2_000:]}")
        played = _peaks(stack.pools)
    return [
        Peak(
            function=function,
            megabytes=played[function.name],
            was_called=played[function.name] > at_rest[function.name],
        )
        for function in FUNCTIONS
        if function.name in played
    ]


def _peaks(pools: Mapping[str, FunctionPool]) -> dict[str, float]:
    return {name: max(map(peak_megabytes, pool.pids), default=0) for name, pool in pools.items()}


def peak_megabytes(pid: int) -> float:
    """The peak of a process's resident set so far, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    kib = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return kib / _KIB_OF_MB


def _table(peaks: list[Peak]) -> Table:
    table = Table("function", "family", "peak MB", "goal", "", title="Memory in the main job")
    for peak in peaks:
        name = peak.function.name if peak.was_called else f"{peak.function.name} (initialised only)"
        verdict = "within" if peak.is_within else "MISSED"
        table.add_row(name, peak.function.family, f"{peak.megabytes:.0f}", str(peak.goal), verdict)
    return table

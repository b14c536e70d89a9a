"""The whole pipeline beside Celery and Redis: finalize, transcribe, embed and summarise, processed.

Both sides do the same work on the same schema of the same Postgres, which waits for its disk, ask the same providers,
which answer at once, and read the same recording from a bucket of the same kind. Ours is the local stack as it is: the
gateway that checks tokens, functions in processes of their own through Lambda's runtime client, moto for SQS. The peer
is written as its documents show (bench/queued): FastAPI and SQLAlchemy, a canvas of Celery's sent after the COMMIT,
Redis as shipped, `moto` for the bucket alone.

In the peer's favour: no gateway, no tokens, no row-level security, no look into the recording, no lease, no prices.
Sides are measured one after the other, each alone; the kills are watched on all at once, for there everybody waits.
"""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bench.pipeline import report
from bench.pipeline.breakdown import Breakdown, break_down
from bench.pipeline.footprint import peak_megabytes
from bench.pipeline.held_providers import held_providers
from bench.pipeline.kills import Killed, kill_api, kill_whole_worker, kill_workers, watch
from bench.pipeline.measure import Measured, measure
from bench.pipeline.ours import Ours, ours, ours_behind_door
from bench.pipeline.peer import peer
from bench.pipeline.sizes import QUICK, WHOLE, Sizes

NAME = "pipeline"
_PER_KIND = 2
_KINDS = 3
_SHORT_SECONDS = 20
_CONCURRENCY = (
    "Workers at once: ours 2 processes for each kind of step, Celery one worker with a pool of 6 for its three kinds; "
    "at the kills, 2 calls are open on either side."
)


def run(*, is_quick: bool = False) -> bool:
    """Print the tables; True when ours is within the goal, has lost nothing and held nothing back over a minute."""
    sizes = QUICK if is_quick else WHOLE
    with tempfile.TemporaryDirectory(prefix="second-brain-bench-") as folder:
        with _progress() as progress:
            measured, breakdown, peaks = asyncio.run(_speed(Path(folder), sizes, progress))
        report.print_speed(*measured, sizes)
        report.print_breakdown(breakdown)
        report.print_footprint(measured, peaks, _CONCURRENCY)
        with _progress() as progress:
            killed = asyncio.run(_kills(Path(folder), sizes, progress))
        report.print_kills(killed, sizes)
    is_fast = report.at(measured[0].paced.latencies_ms, 95) <= report.GOAL_P95_MS
    return is_fast and not any(one.lost or one.held for one in killed if one.side == "ours")


async def _speed(
    folder: Path, sizes: Sizes, progress: Progress
) -> tuple[tuple[Measured, Measured], Breakdown, dict[str, float]]:
    async with held_providers(folder / "providers.log") as providers:
        async with ours(folder / "ours", providers.url) as side:
            our_figures = await measure(side, sizes, _task(progress, "ours", sizes))
            breakdown, peaks = break_down(side, our_figures.paced), _peaks(side)
        async with peer(folder / "peer", providers.url, concurrency=_PER_KIND * _KINDS) as other:
            peer_figures = await measure(other, sizes, _task(progress, "Celery + Redis", sizes))
    return (our_figures, peer_figures), breakdown, peaks


def _peaks(side: Ours) -> dict[str, float]:
    names = {name for name, _ in side.functions()}
    return {name: peak_megabytes(side.processes_of(name)) for name in names}


async def _kills(folder: Path, sizes: Sizes, progress: Progress) -> list[Killed]:
    task = progress.add_task("kills, on all sides at once", total=None)
    folders = [folder / name for name in ("ours-killed", "celery-killed", "late-killed")]
    for one in folders:
        await asyncio.to_thread(one.mkdir)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_kill_ours(folders[0], sizes)),
            group.create_task(_kill_celery(folders[1], sizes)),
            group.create_task(_kill_late_celery(folders[2], sizes)),
        ]
    progress.update(task, total=1, completed=1)
    return [killed for one in tasks for killed in one.result()]


async def _kill_ours(folder: Path, sizes: Sizes) -> list[Killed]:
    async with (
        held_providers(folder / "providers.log") as providers,
        ours_behind_door(folder / "side", providers.url) as (side, stall),
    ):
        captured = await side.capture(sizes.killed_workers + sizes.killed_api)
        killed = [await kill_workers(side, providers, captured[: sizes.killed_workers])]
        killed.append(await kill_api(side, stall, captured[sizes.killed_workers :]))
        await watch(side, killed, seconds=sizes.watched_seconds)
    return killed


async def _kill_celery(folder: Path, sizes: Sizes) -> list[Killed]:
    async with (
        held_providers(folder / "providers.log") as providers,
        peer(folder / "side", providers.url, concurrency=_PER_KIND) as side,
    ):
        captured = await side.capture(sizes.killed_workers + sizes.killed_api)
        killed = [await kill_workers(side, providers, captured[: sizes.killed_workers])]
        killed.append(await kill_api(side, side.stall, captured[sizes.killed_workers :]))
        await watch(side, killed, seconds=sizes.watched_seconds)
    return killed


async def _kill_late_celery(folder: Path, sizes: Sizes) -> list[Killed]:
    """Acknowledging late: the processes killed first, and when the others are done, the whole worker."""
    async with (
        held_providers(folder / "providers.log") as providers,
        peer(folder / "side", providers.url, concurrency=_PER_KIND, is_acks_late=True) as side,
    ):
        captured = await side.capture(2 * sizes.killed_workers)
        killed = [await kill_workers(side, providers, captured[: sizes.killed_workers])]
        await watch(side, killed, seconds=_SHORT_SECONDS)
        killed.append(await kill_whole_worker(side, providers, captured[sizes.killed_workers :]))
        await watch(side, killed, seconds=sizes.watched_seconds - _SHORT_SECONDS)
    return killed


def _progress() -> Progress:
    return Progress(SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())


def _task(progress: Progress, description: str, sizes: Sizes) -> Callable[[], None]:
    """Moves a line of the progress: one step for the capturing, and one for each session that was finalized."""
    task = progress.add_task(description, total=1 + sizes.warm + sizes.paced + sizes.burst)
    return lambda: progress.advance(task)

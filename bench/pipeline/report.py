"""The tables."""

import os
import statistics
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from bench.pipeline.breakdown import Breakdown
from bench.pipeline.kills import Killed
from bench.pipeline.measure import Measured
from bench.pipeline.sizes import Sizes

GOAL_P95_MS = 250


def print_speed(ours: Measured, peer: Measured, sizes: Sizes) -> None:
    """Latency at a pace, sessions a second in a burst, the processor's time."""
    table = Table(
        "",
        "ours",
        "Celery + Redis",
        "ours / peer",
        title=f"{sizes.per_second} sessions a second for {sizes.paced_seconds} s, then {sizes.burst} at once",
        caption="Providers answer at once. A latency ends when a poller, every 5 ms, sees the session processed.",
    )
    for quantile, name in ((50, "p50"), (95, "p95"), (100, "longest")):
        figures = [at(one.paced.latencies_ms, quantile) for one in (ours, peer)]
        table.add_row(f"finalize answered -> processed, {name}, ms", *_beside(*figures))
    for quantile, name in ((50, "p50"), (95, "p95")):
        figures = [at(list(one.paced.written_ms.values()), quantile) for one in (ours, peer)]
        table.add_row(f"by the database: finalized_at -> processed_at, {name}, ms", *_beside(*figures))
    table.add_row("finalize's own answer, p50, ms", *_beside(*[at(one.paced.answers_ms, 50) for one in (ours, peer)]))
    table.add_row(
        "processor's time of one session, ms", *_beside(*[sum(one.processor_ms.values()) for one in (ours, peer)])
    )
    table.add_row("burst, sessions a second", *_beside(*[one.burst.sessions_per_second for one in (ours, peer)]))
    Console().print(table)
    p95 = at(ours.paced.latencies_ms, 95)
    print(f"Load of the machine: {ours.load:.1f} before ours, {peer.load:.1f} before the peer, {os.cpu_count()} cores.")
    print(f"Goal, p95 <= {GOAL_P95_MS} ms: {'within' if p95 <= GOAL_P95_MS else 'MISSED'} ({p95:.0f} ms)")


def print_breakdown(breakdown: Breakdown) -> None:
    """How much of ours is the local queue's."""
    table = Table("part of the longest way", "p50 ms", "p95 ms", "share of the whole", title="Where our time goes")
    whole = statistics.mean(breakdown.whole)
    parts: Sequence[tuple[str, list[float]]] = (
        ("local queue, twice: sent -> a process has it (moto, dispatcher, pool)", breakdown.queue),
        ("ours, reading: transcribe begins -> next message is sent", breakdown.reading),
        ("ours, making: last step begins -> processed", breakdown.making),
        ("in the two: waiting for the instant providers", breakdown.providers),
        ("whole: first message sent -> processed", breakdown.whole),
    )
    for name, figures in parts:
        share = f"{statistics.mean(figures) / whole:.0%}"
        table.add_row(name, f"{at(figures, 50):.0f}", f"{at(figures, 95):.0f}", share)
    Console().print(table)


def print_footprint(sides: Sequence[Measured], peaks: Mapping[str, float], concurrency: str) -> None:
    """Memory of components and of functions."""
    table = Table(
        "side",
        "component",
        "idle MB",
        "after the run MB",
        "processor ms a session",
        title="What the processes take (memory: proportional set size)",
        caption=concurrency,
    )
    for side in sides:
        for name, idle in side.idle_mb.items():
            used = side.processor_ms.get(name, 0.0)
            table.add_row(side.name, name, f"{idle:.0f}", f"{side.after_mb.get(name, 0):.0f}", f"{used:.1f}")
        totals = [sum(side.idle_mb.values()), sum(side.after_mb.values()), sum(side.processor_ms.values())]
        table.add_row(side.name, "all", *(f"{total:.0f}" for total in totals), end_section=True)
    Console().print(table)
    functions = Table("function", "peak RSS of a process, MB", title="Memory per function, after the run")
    for name, peak in sorted(peaks.items()):
        functions.add_row(name, f"{peak:.0f}")
    Console().print(functions)


def print_kills(killed: Sequence[Killed], sizes: Sizes) -> None:
    """What became of the sessions."""
    table = Table(
        "side",
        "killed",
        "of",
        "paid",
        "done",
        "lost",
        "held",
        "longest",
        title="Kills (SIGKILL): of so many sessions under way ...",
        caption=(
            f"Watched for {sizes.watched_seconds} s. Lost: paid for, not processed, and nothing left that would bring "
            "it back. Held: over a minute after the kill (a message that Redis gave out comes back after an hour). "
            "Longest: from the kill until the last of those that are done."
        ),
    )
    for one in killed:
        counts = (len(one.sessions), one.debits, len(one.processed), one.lost, one.held)
        table.add_row(one.side, one.what, *(str(count) for count in counts), f"{one.longest_seconds:.1f} s")
    Console().print(table)


def at(figures: Sequence[float], quantile: int) -> float:
    """The figure that `quantile` percent of them do not pass."""
    ordered = sorted(figures)
    return ordered[max(0, -(-len(ordered) * quantile // 100) - 1)]


def _beside(ours: float, peer: float) -> tuple[str, str, str]:
    return f"{ours:.0f}", f"{peer:.0f}", f"{ours / peer:.2f}"

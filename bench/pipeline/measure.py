"""Measures one side: at a pace, in a burst, and what its processes take."""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.pipeline.footprint import megabytes, processor_seconds
from bench.pipeline.load import Seen, burst, paced
from bench.pipeline.side import Captured, Side
from bench.pipeline.sizes import Sizes

Tick = Callable[[], None]
_SETTLE_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One side's figures."""

    name: str
    load: float
    """How many processes wanted a core in the minute before: on a busy machine no latency means anything."""
    paced: Seen
    burst: Seen
    idle_mb: dict[str, float]
    """Before the first session, by component."""
    after_mb: dict[str, float]
    """After the last."""
    processor_ms: dict[str, float]
    """Of one session at a pace, by component: less swayed by a busy machine than what a clock says."""


async def measure(side: Side, sizes: Sizes, tick: Tick) -> Measured:
    """Everything in turn; sessions are captured beforehand."""
    load, idle = os.getloadavg()[0], _memory(side)
    captured = await side.capture(sizes.warm + sizes.paced + sizes.burst)
    tick()
    warm, at_pace, at_once = _split(captured, sizes.warm, sizes.paced)
    await burst(side, warm, tick=tick)
    await asyncio.sleep(_SETTLE_SECONDS)
    before = processor_seconds(side.components())
    seen_paced = await paced(side, at_pace, per_second=sizes.per_second, tick=tick)
    after = processor_seconds(side.components())
    seen_burst = await burst(side, at_once, tick=tick)
    return Measured(
        name=side.name,
        load=load,
        paced=seen_paced,
        burst=seen_burst,
        idle_mb=idle,
        after_mb=_memory(side),
        processor_ms={
            name: (seconds - before.get(name, 0.0)) * 1_000 / len(at_pace) for name, seconds in after.items()
        },
    )


def _memory(side: Side) -> dict[str, float]:
    return {name: megabytes(processes) for name, processes in side.components().items()}


def _split(
    captured: Sequence[Captured], first: int, second: int
) -> tuple[Sequence[Captured], Sequence[Captured], Sequence[Captured]]:
    return captured[:first], captured[first : first + second], captured[first + second :]

"""Sessions finalized at a pace or all at once, and when each was seen processed."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bench.pipeline.side import Captured, Side, processed_among, written

_POLL_SECONDS = 0.005
_PATIENCE_SECONDS = 60
_OK = 200


@dataclass(kw_only=True)
class Seen:
    """Seconds since 1970, by session: when finalize was asked, when it had answered, when it was seen processed."""

    asked: dict[UUID, float] = field(default_factory=dict[UUID, float])
    answered: dict[UUID, float] = field(default_factory=dict[UUID, float])
    processed: dict[UUID, float] = field(default_factory=dict[UUID, float])
    written_ms: dict[UUID, float] = field(default_factory=dict[UUID, float])
    """By the database's own clock: finalized_at to processed_at."""

    @property
    def latencies_ms(self) -> list[float]:
        """From finalize's answer until the session was seen processed."""
        return [(at - self.answered[one]) * 1_000 for one, at in self.processed.items()]

    @property
    def answers_ms(self) -> list[float]:
        """How long finalize took to answer."""
        return [(at - self.asked[one]) * 1_000 for one, at in self.answered.items()]

    @property
    def sessions_per_second(self) -> float:
        """From the first that was asked to the last that was seen processed."""
        return len(self.processed) / (max(self.processed.values()) - min(self.asked.values()))


Tick = Callable[[], None]


async def paced(side: Side, sessions: Sequence[Captured], *, per_second: int, tick: Tick) -> Seen:
    """Finalize one after the other at an even pace, whatever becomes of them."""
    begun = time.perf_counter()

    async def at_its_time(number: int, captured: Captured, seen: Seen) -> None:
        await asyncio.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
        await _finalize(side, captured, seen)
        tick()

    return await _watched(side, sessions, at_its_time)


async def burst(side: Side, sessions: Sequence[Captured], *, tick: Tick) -> Seen:
    """Finalize all at once."""

    async def now(_: int, captured: Captured, seen: Seen) -> None:
        await _finalize(side, captured, seen)
        tick()

    return await _watched(side, sessions, now)


async def _watched(side: Side, sessions: Sequence[Captured], finalize: Callable[..., object]) -> Seen:
    seen = Seen()
    asking = [finalize(number, captured, seen) for number, captured in enumerate(sessions)]
    await asyncio.gather(_watch(side, sessions, seen), *asking)  # pyright: ignore[reportArgumentType] - coroutines
    for one in written(side.owner, [captured.session_id for captured in sessions]):
        if one.finalized_at and one.processed_at:
            seen.written_ms[one.session_id] = (one.processed_at - one.finalized_at).total_seconds() * 1_000
    return seen


async def _finalize(side: Side, captured: Captured, seen: Seen) -> None:
    seen.asked[captured.session_id] = time.time()
    status = await side.finalize(captured)
    seen.answered[captured.session_id] = time.time()
    if status != _OK:
        raise RuntimeError(f"{side.name} answered {status} to finalize")


async def _watch(side: Side, sessions: Sequence[Captured], seen: Seen) -> None:
    """Ask the database every few milliseconds, about those that were answered and not yet seen."""
    last = time.monotonic()
    while len(seen.processed) < len(sessions):
        waiting = [one for one in seen.answered if one not in seen.processed]
        if waiting:
            now_processed = processed_among(side.owner, waiting)
            seen.processed.update(dict.fromkeys(now_processed, time.time()))
            last = time.monotonic() if now_processed else last
        if time.monotonic() - last > _PATIENCE_SECONDS:
            raise RuntimeError(f"{side.name}: {len(sessions) - len(seen.processed)} sessions were never processed")
        await asyncio.sleep(_POLL_SECONDS)

"""The sides asked and written to by turns, so that what else the machine does falls on all of them alike.

A turn is ten calls. The first finds the processor's caches full of what others did; it is told apart, because a server
that is asked now and then is always there, and one that is busy never.
"""

import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rich.progress import track

from bench.vector_stores.population import NEAREST, Population, Tenant
from bench.vector_stores.side import Side
from shared.ids import UserId
from tests.fixtures.searchable import World, as_vector

AnswerT = TypeVar("AnswerT")

_WARM_UPS = 5
_TURN = 10


@dataclass(frozen=True, kw_only=True)
class Found:
    """What one side made of one user's questions; times in ms. `shortest`: the fewest rows any question brought.

    `first_ms` is the median of the first questions of turns. `processor_ms` is what a question took of the processor on
    both sides of the wire, however long it had to wait for it.
    """

    processor_ms: float
    first_ms: float
    p50_ms: float
    p95_ms: float
    recall: float
    shortest: int


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One user, all sides by name."""

    size: int
    questions: int
    sides: dict[str, Found]


def ask_all(sides: Sequence[Side], tenant: Tenant, questions: int, servers: Sequence[int]) -> Asked:
    """Each question to each side, in turns, the order of which changes from one to the next.

    `servers`: the ids of the processes that serve our connections.
    """
    order = random.Random(tenant.size)  # noqa: S311 - a fixed order, no secret
    spent: dict[str, list[float]] = {side.name: [] for side in sides}
    times: dict[str, list[float]] = {side.name: [] for side in sides}
    found: dict[str, list[list[int]]] = {side.name: [] for side in sides}
    vectors = [as_vector(question) for question in tenant.questions[:questions]]
    for side in sides:
        for vector in vectors[:_WARM_UPS]:
            side.search(tenant, vector, NEAREST)
    turns = [vectors[first : first + _TURN] for first in range(0, len(vectors), _TURN)]
    for turn in track(turns, description=f"{tenant.size:,} chunks"):
        for side in order.sample(list(sides), len(sides)):
            for vector in turn:
                served, own = served_ns(servers), time.process_time_ns()
                taken, rows = _timed(lambda side=side, vector=vector: side.search(tenant, vector, NEAREST))
                spent[side.name].append((time.process_time_ns() - own + served_ns(servers) - served) / 1e6)
                times[side.name].append(taken)
                found[side.name].append(rows)
    measured = {name: _found(spent[name], times[name], found[name], tenant) for name in times}
    return Asked(size=tenant.size, questions=len(vectors), sides=measured)


def _found(spent: Sequence[float], times: Sequence[float], found: Sequence[Sequence[int]], tenant: Tenant) -> Found:
    hits = sum(len(set(rows) & nearest) for rows, nearest in zip(found, tenant.nearest, strict=False))
    wanted = sum(len(nearest) for nearest in tenant.nearest[: len(found)])
    return Found(
        processor_ms=statistics.median(spent),
        first_ms=statistics.median(times[::_TURN]),
        p50_ms=statistics.median(times),
        p95_ms=statistics.quantiles(times, n=20)[-1],
        recall=hits / wanted,
        shortest=min(len(rows) for rows in found),
    )


def write_all(sides: Sequence[Side], writer: UserId, *, batch: int, seconds: float) -> dict[str, float]:
    """Rows a second of each side: batches in turns, each committed, until every side had `seconds` of its own."""
    vectors = [as_vector(row) for row in World.of(seed=0).passages(batch)]
    taken = {side.name: 0.0 for side in sides}
    rows = dict.fromkeys(taken, 0)
    for side in sides:
        side.insert(writer, vectors)
    while any(spent < seconds for spent in taken.values()):
        for side in sides:
            for _ in range(_TURN if taken[side.name] < seconds else 0):
                spent, _ = _timed(lambda side=side: side.insert(writer, vectors))
                taken[side.name] += spent / 1_000
                rows[side.name] += batch
    return {name: rows[name] / taken[name] for name in taken}


def ask_everybody(
    sides: Sequence[Side], population: Population, questions: Callable[[int], int], servers: Sequence[int]
) -> list[Asked]:
    """`questions`: how many for a user of that size."""
    return [ask_all(sides, tenant, questions(tenant.size), servers) for tenant in population.measured]


def load_average() -> str:
    """Of the last minute, and on how many cores."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def served_ns(servers: Sequence[int]) -> int:
    """What those processes have had of the processor so far."""
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in servers)


def _timed(work: Callable[[], AnswerT]) -> tuple[float, AnswerT]:
    begun = time.perf_counter()
    answer = work()
    return (time.perf_counter() - begun) * 1_000, answer

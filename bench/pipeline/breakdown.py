"""Where our milliseconds go: in the local queues, or in our functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from bench.pipeline.load import Seen
from bench.pipeline.ours import Handled, Ours


@dataclass(kw_only=True)
class Breakdown:
    """Milliseconds of every session's longest way, part by part.

    The way: the first message is sent, `transcribe` gets it, reads and writes; of the two messages it sends, the one
    whose step ends last counts. What passes between a message's sending and a process having it belongs to the local
    queue: moto, the dispatcher, the pool. The rest is ours, with the bucket, the database and the providers in it.
    """

    queue: list[float] = field(default_factory=list[float])
    reading: list[float] = field(default_factory=list[float])
    """From `transcribe` beginning to its next message being sent."""
    making: list[float] = field(default_factory=list[float])
    """From the last step beginning until the session is seen processed."""
    whole: list[float] = field(default_factory=list[float])
    """From the first message being sent."""
    providers: list[float] = field(default_factory=list[float])
    """In calls to the providers, as the steps tell; part of reading and making."""


def break_down(side: Ours, seen: Seen) -> Breakdown:
    """Of every session that was seen processed."""
    steps = _steps(side.owner, list(seen.processed))
    handled: dict[UUID, dict[str, tuple[Handled, int]]] = {}
    for one in side.handled():
        if one.step_id in steps:
            session_id, kind, provider_ms = steps[one.step_id]
            handled.setdefault(session_id, {})[kind] = (one, provider_ms)
    breakdown = Breakdown()
    for session_id, by_kind in handled.items():
        _add(breakdown, by_kind, seen.processed[session_id])
    return breakdown


def _add(breakdown: Breakdown, by_kind: Mapping[str, tuple[Handled, int]], processed: float) -> None:
    read, read_ms = by_kind["transcribe"]
    made, made_ms = max((by_kind["embed"], by_kind["summarise"]), key=lambda one: one[0].ended)
    breakdown.queue.append(((read.begun - read.sent) + (made.begun - made.sent)) * 1_000)
    breakdown.reading.append((made.sent - read.begun) * 1_000)
    breakdown.making.append((processed - made.begun) * 1_000)
    breakdown.whole.append((processed - read.sent) * 1_000)
    breakdown.providers.append(read_ms + made_ms)


def _steps(owner: psycopg.Connection, ids: list[UUID]) -> dict[UUID, tuple[UUID, str, int]]:
    statement = "SELECT id, session_id, kind, coalesce(provider_ms, 0) FROM job_steps WHERE session_id = ANY(%s)"
    rows: list[Any] = owner.execute(statement, [ids]).fetchall()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}

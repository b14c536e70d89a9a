"""The queues of the pipeline for a day: transcribe, then embed and summarise side by side, then the push."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bench.cost.measured import invocation_seconds, measured
from bench.scale.day import DAY_SECONDS, SEED, arrivals
from bench.scale.queueing import Seconds, Served, at_once, serve
from functions.catalogue import FUNCTIONS
from shared.outbox.repeat_while_full import CHORE_SECONDS

STEPS = ("transcribe", "embed", "summarise", "push")
_SPREAD = 0.5
"""Standard deviation of a step's time, as a share of its mean. Assumed; times are log-normal."""

LOOKS_A_MINUTE = 3
"""Of the sweep, while anything is under way: docs/adr/0020."""

_ANNOUNCING_SECONDS = 0.0013 + 4 * 0.0015 + 0.015 / 10
"""A step announced by the sweep: measured, next to the database and with queues in memory; and, assumed, four round
trips to a database in the region, and a call to SQS for ten."""


def concurrency() -> dict[str, int]:
    """How many of each step the catalogue lets work at once."""
    return {one.name: sum(trigger.max_concurrency for trigger in one.queues) for one in FUNCTIONS if one.name in STEPS}


def step_seconds(step: str) -> float:
    """How long one takes in the mean, warm: measured work at its memory, and what it is assumed to wait."""
    return invocation_seconds(step, measured().functions[step].processor_ms)


@dataclass(frozen=True, kw_only=True)
class Day:
    """What became of a day's sessions."""

    came: Seconds
    steps: Mapping[str, Served]
    processed: Seconds
    """From finalize to processed, in the order of arrival."""

    def busiest(self) -> int:
        """Most workers at once, of all steps together."""
        starts = np.concatenate([served.begun for served in self.steps.values()])
        ends = np.concatenate([served.ended for served in self.steps.values()])
        return int(at_once(starts, ends, np.arange(0, max(DAY_SECONDS, float(ends.max())), 10.0)).max())

    def late_until(self, patience_seconds: float) -> float:
        """The last moment at which somebody was done who had to wait longer than that; 0 if nobody had to."""
        done = self.came + self.processed
        return float(done[self.processed > patience_seconds].max(initial=0.0))

    def drained_hours(self) -> float:
        """How long after midnight the last one was done."""
        return float(max(served.ended.max() for served in self.steps.values()) - DAY_SECONDS) / 3_600


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A stretch of the day in which the speech provider answers nobody, in seconds after midnight."""

    begins: float
    ends: float


EVENING = Outage(begins=19 * 3_600.0, ends=20 * 3_600.0)
"""The busiest hour."""


def simulate(sessions: int, workers: Mapping[str, int], outage: Outage | None = None) -> Day:
    """One day of so many sessions, with so many workers for each step."""
    came = arrivals(sessions)
    ready = _held_back(came, outage)
    turn = np.argsort(ready, kind="stable")
    heard = serve(ready[turn], _services("transcribe", sessions), workers["transcribe"])
    listened = np.argsort(heard.ended)
    read = heard.ended[listened]
    order = turn[listened]
    embedded = serve(read, _services("embed", sessions), workers["embed"])
    summarised = serve(read, _services("summarise", sessions), workers["summarise"])
    done = np.maximum(embedded.ended, summarised.ended)
    pushed = serve(np.sort(done), _services("push", sessions), workers["push"])
    processed = np.empty_like(done)
    processed[order] = done - came[order]
    steps = {"transcribe": heard, "embed": embedded, "summarise": summarised, "push": pushed}
    return Day(came=came, steps=steps, processed=processed)


def announced_a_second() -> float:
    """How many waiting steps the sweep can bring back, in the mean of a minute."""
    return LOOKS_A_MINUTE * CHORE_SECONDS / _ANNOUNCING_SECONDS / 60


def _held_back(came: Seconds, outage: Outage | None) -> Seconds:
    """Who comes while the provider is away is put off until it is back, and comes then as the sweep announces them.

    Who is at work then is let finish.
    """
    if outage is None:
        return came
    waited = (came >= outage.begins) & (came < outage.ends)
    held = came.copy()
    held[waited] = outage.ends + np.arange(1, waited.sum() + 1) / announced_a_second()
    return held


def workers_for(sessions: int, peak: float, *, headroom: float = 1.5) -> dict[str, int]:
    """How many of each step an evening needs, with room to spare; never fewer than the catalogue gives."""
    a_second = sessions / DAY_SECONDS * peak
    given = concurrency()
    return {step: max(given[step], int(np.ceil(a_second * step_seconds(step) * headroom))) for step in STEPS}


def _services(step: str, count: int) -> Seconds:
    drawn = np.random.default_rng([SEED, STEPS.index(step)])
    sigma = np.sqrt(np.log1p(_SPREAD**2))
    return drawn.lognormal(np.log(step_seconds(step)) - sigma**2 / 2, sigma, count)

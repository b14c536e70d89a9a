"""What `python -m bench session --write` counted, and what nobody could count here and is therefore assumed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from functions.catalogue import FUNCTIONS

_KEPT = Path(__file__).with_name("measured.json")

DATABASE_WAIT_MS = 45
"""About thirty statements of an invocation, 1.5 ms each on their way to a database in the region. Assumed."""

PROVIDER_WAIT_MS = {"transcribe": 5_000, "embed": 1_500, "summarise": 8_000, "search": 300, "ask": 4_000, "push": 300}
"""How long a provider takes for twelve minutes of speech: Groq tells 216 times real time; the others are assumed."""

COLD_SHARE = 0.5
INIT_SECONDS = 1.5
"""Half of all invocations start an environment, whose Init is billed since August 2025: right for few users, too much
for many."""

PLATFORM_LOG_BYTES = 330
"""START, END and REPORT of an invocation, which Lambda writes beside ours."""

FULL_PROCESSOR_MB = 1_769
"""The memory at which Lambda gives a whole vCPU; with less, work takes as much longer.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""


@dataclass(frozen=True, kw_only=True)
class Used:
    """What one operation asked of a provider, for one session or one question."""

    provider: str
    model: str
    operation: str
    input_tokens: float
    output_tokens: float
    audio_ms: float


@dataclass(frozen=True, kw_only=True)
class Worked:
    """One function's part: how often it is invoked, and what one invocation takes."""

    invocations: float
    processor_ms: float
    log_bytes: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Of one session: functions, calls, bytes. `idle`: of one round of the schedules when nothing is under way."""

    measured_on: str
    minutes_of_speech: int
    recording_bytes: int
    functions: Mapping[str, Worked]
    idle: Mapping[str, Worked]
    idle_metrics: Sequence[str]
    idle_bucket_calls: Mapping[str, float]
    metrics: Sequence[str]
    queue_calls: Mapping[str, float]
    bucket_calls: Mapping[str, float]
    database: Mapping[str, float]
    usage: Sequence[Used]
    question: Worked
    question_usage: Sequence[Used]


@cache
def measured() -> Measured:
    """As it was kept."""
    kept: dict[str, Any] = json.loads(_KEPT.read_text())
    session, idle, question = kept["session"], kept["idle"], kept["question"]
    return Measured(
        measured_on=kept["measured_on"],
        minutes_of_speech=kept["minutes_of_speech"],
        recording_bytes=kept["recording_bytes"],
        functions={name: Worked(**found) for name, found in session["functions"].items()},
        idle={name: Worked(invocations=1, **found) for name, found in idle["functions"].items()},
        idle_metrics=idle["metrics"],
        idle_bucket_calls=idle["bucket_calls"],
        metrics=session["metrics"],
        queue_calls=session["queue_calls"],
        bucket_calls=session["bucket_calls"],
        database=session["database"],
        usage=[_used(found) for found in session["usage"]],
        question=Worked(invocations=1, processor_ms=question["processor_ms"], log_bytes=question["log_bytes"]),
        question_usage=[_used(found) for found in question["usage"]],
    )


def memory_mb(function: str) -> int:
    """As the catalogue says; KeyError for a function it has not."""
    return {one.name: one.memory_mb for one in FUNCTIONS}[function]


def invocation_seconds(function: str, processor_ms: float) -> float:
    """How long one invocation is billed, without Init: its work on its share of a processor, and its waiting."""
    slower = max(1.0, FULL_PROCESSOR_MB / memory_mb(function))
    waits_ms = DATABASE_WAIT_MS + PROVIDER_WAIT_MS.get(function, 0)
    return (processor_ms * slower + waits_ms) / 1_000


def gigabyte_seconds(function: str, worked: Worked, *, cold_share: float = COLD_SHARE) -> float:
    """What Lambda bills for its invocations, Init included."""
    seconds = invocation_seconds(function, worked.processor_ms) + cold_share * INIT_SECONDS
    return worked.invocations * seconds * memory_mb(function) / 1_024


def _used(found: Mapping[str, Any]) -> Used:
    return Used(**{name: value for name, value in found.items() if name != "calls"})

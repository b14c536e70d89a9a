"""`python -m bench scale [--quick] [--write]`: which limit breaks first, and a simulated day of many users."""

from collections.abc import Callable, Sequence

import numpy as np

from bench.scale.day import PEAK
from bench.scale.limits import (
    HOSTS,
    SESSIONS_A_USER_AND_DAY,
    connections_left,
    connections_of_workers,
    limits,
    sessions_a_second,
)
from bench.scale.pipeline import EVENING, STEPS, Day, concurrency, simulate, step_seconds, workers_for
from bench.tables_in_page import page_of, table, with_tables

NAME = "scale"
USERS = (1_000, 10_000, 100_000, 1_000_000)
_QUICK_USERS = USERS[:3]
_HOUR_SECONDS = 3_600
_HEADROOMS = (1.2, 1.5, 2.0, 3.0)
_OUT = (100_000, 1_000_000)
"""With fewer the catalogue's workers have room enough."""
_LATE_SECONDS = 120
_MINUTE_SECONDS = 60


def run(*, is_quick: bool = False, is_kept: bool = False) -> None:
    """Print all tables, or write them into docs/scale.md: of all users then, whatever `is_quick` says."""
    if is_kept:
        page = page_of(NAME)
        page.write_text(with_tables(page.read_text(), tables()))
        return
    for name, make in tables(_QUICK_USERS if is_quick else USERS).items():
        print(f"{name}\n\n{make()}\n")


def tables(users: Sequence[int] = USERS) -> dict[str, Callable[[], str]]:
    """By name, as docs/scale.md shows them."""
    return {
        "steps": _steps_table,
        "connections": _connections_table,
        "limits": _limits_table,
        "given": lambda: days_table(users, as_given=True),
        "turned": lambda: days_table(users, as_given=False),
        "outage": lambda: outage_table(users),
    }


def _steps_table() -> str:
    rows = [
        (step, f"{step_seconds(step):.2f}", str(count), f"{count / step_seconds(step) * _HOUR_SECONDS:,.0f}")
        for step, count in concurrency().items()
    ]
    return table(("step", "seconds", "workers", "sessions an hour"), rows)


def _connections_table() -> str:
    held = connections_of_workers()
    rows = [
        ("workers, together", str(sum(held.values()))),
        ("of it transcribe-part, the most of one", str(held["transcribe-part"])),
        *((f"left for API functions: {host}", f"{connections_left(host):,}") for host in HOSTS),
    ]
    return table(("connections", "at most"), rows)


def _limits_table() -> str:
    rows = [
        (
            limit.what,
            f"{limit.limit:,.0f} {limit.unit}",
            *(f"{limit.share(users):,.2f}" for users in USERS),
            _rounded(limit.breaks_at_users()),
            limit.source,
        )
        for limit in limits()
    ]
    heads = [f"{users:,} users" for users in USERS]
    return table(("limit", "how much", *heads, "reached at users", "source"), rows)


def days_table(users: Sequence[int], *, as_given: bool) -> str:
    """Simulated days, with the catalogue's workers or with as many as the evening needs."""
    rows = [_day_row(count, as_given=as_given) for count in users]
    heads = (
        "users",
        "a second in the evening",
        "workers: " + ", ".join(STEPS),
        "busiest",
        "processed p50",
        "p95",
        "longest",
    )
    return table((*heads, "deepest queue", "done after midnight"), rows)


def outage_table(users: Sequence[int]) -> str:
    """An hour of the evening without speech, by how much room the workers have to spare."""
    rows = [
        (f"{count:,}", *(_outage_cell(count, headroom) for headroom in _HEADROOMS)) for count in users if count in _OUT
    ]
    heads = [f"{headroom:g} times what the evening needs" for headroom in _HEADROOMS]
    return table(("users", *heads), rows)


def _outage_cell(users: int, headroom: float) -> str:
    sessions = int(users * SESSIONS_A_USER_AND_DAY)
    day = simulate(sessions, workers_for(sessions, PEAK, headroom=headroom), EVENING)
    caught_up = max(0.0, day.late_until(_LATE_SECONDS) - EVENING.ends)
    return f"caught up after {_duration(caught_up)}, longest {_duration(float(day.processed.max()))}"


def _day_row(users: int, *, as_given: bool) -> tuple[str, ...]:
    sessions = int(users * SESSIONS_A_USER_AND_DAY)
    workers = concurrency() if as_given else workers_for(sessions, PEAK)
    day = simulate(sessions, workers)
    return (
        f"{users:,}",
        f"{sessions_a_second(users):.2f}",
        ", ".join(str(workers[step]) for step in STEPS),
        f"{day.busiest():,}",
        *(_duration(seconds) for seconds in _percentiles(day)),
        f"{max(served.deepest() for served in day.steps.values()):,}",
        _duration(max(0.0, day.drained_hours() * _HOUR_SECONDS)),
    )


def _percentiles(day: Day) -> tuple[float, float, float]:
    median, most = np.percentile(day.processed, [50, 95])
    return float(median), float(most), float(day.processed.max())


def _duration(seconds: float) -> str:
    if seconds < _MINUTE_SECONDS:
        return f"{seconds:.0f} s"
    if seconds < _HOUR_SECONDS:
        return f"{seconds / _MINUTE_SECONDS:.0f} min"
    days = seconds / _HOUR_SECONDS / 24
    return f"{seconds / _HOUR_SECONDS:.1f} h" if days < 2 else f"{days:.0f} days"  # noqa: PLR2004 - as one says it


def _rounded(users: float) -> str:
    """To two digits: no more is meant."""
    return f"{float(f'{users:.1e}'):,.0f}"

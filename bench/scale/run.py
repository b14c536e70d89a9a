"""`python -m bench scale [--quick] [--write]`: which limit breaks first, and a simulated day of many users."""

from collections.abc import Callable, Sequence

import numpy as np

from bench.scale.day import PEAK
from bench.scale.limits import SESSIONS_A_USER_AND_DAY, limits, sessions_a_second
from bench.scale.pipeline import STEPS, Day, concurrency, simulate, step_seconds, workers_for
from bench.tables_in_page import page_of, table, with_tables

NAME = "scale"
USERS = (1_000, 10_000, 100_000, 1_000_000)
_QUICK_USERS = USERS[:3]
_HOUR_SECONDS = 3_600
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
        "limits": _limits_table,
        "given": lambda: days_table(users, as_given=True),
        "turned": lambda: days_table(users, as_given=False),
    }


def _steps_table() -> str:
    rows = [
        (step, f"{step_seconds(step):.2f}", str(count), f"{count / step_seconds(step) * _HOUR_SECONDS:,.0f}")
        for step, count in concurrency().items()
    ]
    return table(("step", "seconds", "workers", "sessions an hour"), rows)


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

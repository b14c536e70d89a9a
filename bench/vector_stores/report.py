"""The tables, and the goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.vector_stores.measure import Asked, Found, load_average
from bench.vector_stores.population import NEAREST
from bench.vector_stores.side import Side

OURS = "ours"
MEDIAN_USER = 80
BATCHES = (20, 100)
"""Vectors to a call: a note of some pages (20 chunks), and ten minutes of talk (20 chunks with four moments each, which
others keep as 100 rows). The goal is judged by the last."""
_TRUE_ENOUGH, _TRUE = 0.95, 0.99
_TIMES_AT_MEDIAN, _TIMES_AT_LARGEST, _TIMES_WRITING = 5, 10, 15


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What was promised, and what came out."""

    promise: str
    measured: str
    is_met: bool


def print_report(
    sides: Sequence[Side], asked: Sequence[Asked], written: Mapping[int, Mapping[str, float]], *, loads: Sequence[str]
) -> bool:
    """All tables; True when every goal is met."""
    console = Console(width=160)
    console.print(_speeds(asked))
    console.print(_firsts(asked))
    console.print(_processor(asked))
    console.print(_truths(asked))
    console.print(_writes(written))
    goals = [*_search_goals(sides, asked), _write_goal(written[BATCHES[-1]])]
    table = Table("goal", "measured", "met?", title="Goals", caption=", ".join((*loads, load_average())))
    for goal in goals:
        table.add_row(goal.promise, goal.measured, "yes" if goal.is_met else "MISSED")
    console.print(table)
    return all(goal.is_met for goal in goals)


def _speeds(asked: Sequence[Asked]) -> Table:
    table = Table("p50 / p95, ms", *_sizes(asked), title=f"Search for the {NEAREST} nearest (times ours at p50)")
    for name in asked[0].sides:
        table.add_row(name, *(_speed(one.sides[name], one.sides[OURS]) for one in asked))
    return table


def _speed(side: Found, ours: Found) -> str:
    ratio = "" if side is ours else f" (x{side.p50_ms / ours.p50_ms:.1f})"
    return f"{side.p50_ms:.2f} / {side.p95_ms:.2f}{ratio}"


def _truths(asked: Sequence[Asked]) -> Table:
    table = Table(
        "recall, fewest rows", *_sizes(asked), title=f"Recall@{NEAREST} against all vectors compared in numpy"
    )
    for name in asked[0].sides:
        sides = [one.sides[name] for one in asked]
        table.add_row(name, *(f"{side.recall:.3f}, {side.shortest}" for side in sides))
    return table


def _firsts(asked: Sequence[Asked]) -> Table:
    table = Table("p50, ms", *_sizes(asked), title="The first question of each turn, after others were asked")
    for name in asked[0].sides:
        table.add_row(name, *(_times(one.sides[name].first_ms, one.sides[OURS].first_ms) for one in asked))
    return table


def _processor(asked: Sequence[Asked]) -> Table:
    table = Table(
        "p50, ms", *_sizes(asked), title="The same, as what it takes of the processor on both sides of the wire"
    )
    for name in asked[0].sides:
        table.add_row(name, *(_times(one.sides[name].processor_ms, one.sides[OURS].processor_ms) for one in asked))
    return table


def _times(value: float, ours: float) -> str:
    return f"{value:.2f}" + ("" if value is ours else f" (x{value / ours:.1f})")


def _writes(written: Mapping[int, Mapping[str, float]]) -> Table:
    table = Table(
        "vectors a second (ours ÷ it)",
        *(f"{batch} to a call" for batch in written),
        title="Insert, each committed",
    )
    for name in written[BATCHES[0]]:
        table.add_row(name, *(_rate(rows[name], rows[OURS]) for rows in written.values()))
    return table


def _rate(rows: float, ours: float) -> str:
    return f"{rows:,.0f} (x{ours / rows:.1f})"


def _sizes(asked: Sequence[Asked]) -> list[str]:
    return [f"{one.size:,} chunks, {one.questions} questions" for one in asked]


def _search_goals(sides: Sequence[Side], asked: Sequence[Asked]) -> list[Goal]:
    exact = {side.name for side in sides if side.is_exact}
    median = next(one for one in asked if one.size == MEDIAN_USER)
    largest = asked[-1]
    worst = min(one.sides[OURS].recall for one in asked)
    return [
        _faster(
            "median user: 5 times faster than the fastest peer with recall >= 0.95",
            median,
            _true(median),
            _TIMES_AT_MEDIAN,
        ),
        _faster(
            f"{largest.size:,} chunks: 10 times faster than the fastest exact peer", largest, exact, _TIMES_AT_LARGEST
        ),
        Goal(promise="recall >= 0.99 for every user", measured=f"{worst:.3f} at worst", is_met=worst >= _TRUE),
        Goal(
            promise=f"never fewer than min({NEAREST}, owned) rows",
            measured=", ".join(str(one.sides[OURS].shortest) for one in asked),
            is_met=all(one.sides[OURS].shortest == min(NEAREST, one.size) for one in asked),
        ),
    ]


def _true(asked: Asked) -> set[str]:
    return {name for name, found in asked.sides.items() if name != OURS and found.recall >= _TRUE_ENOUGH}


def _faster(promise: str, asked: Asked, peers: set[str], times: float) -> Goal:
    ours = asked.sides[OURS]
    fastest = min(peers, key=lambda name: asked.sides[name].p50_ms)
    thriftiest = min(peers, key=lambda name: asked.sides[name].processor_ms)
    ratio = asked.sides[fastest].p50_ms / ours.p50_ms
    share = asked.sides[thriftiest].processor_ms / ours.processor_ms
    first = min(asked.sides[name].first_ms for name in peers) / ours.first_ms
    measured = f"x{ratio:.1f} ({fastest}); first of a turn x{first:.1f}; of the processor x{share:.1f} ({thriftiest})"
    return Goal(promise=promise, measured=measured, is_met=ratio >= times)


def _write_goal(written: Mapping[str, float]) -> Goal:
    fastest = max((name for name in written if name != OURS), key=lambda name: written[name])
    ratio = written[OURS] / written[fastest]
    return Goal(
        promise="insert 15 times faster than the fastest peer",
        measured=f"x{ratio:.1f} ({fastest})",
        is_met=ratio >= _TIMES_WRITING,
    )

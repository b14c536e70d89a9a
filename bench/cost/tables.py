"""The bill as tables of Markdown, in the order in which docs/cost.md shows them."""

from collections.abc import Callable
from dataclasses import replace

from bench.cost.idle_bill import HOURS, idle_bill, idle_polls
from bench.cost.line import Line, total
from bench.cost.measured import measured
from bench.cost.prices import PRICES
from bench.cost.session_bill import metrics_bill, question_bill, requests_of_a_session, session_bill
from bench.cost.stages import DEV, PROD, STAGES, WHOLE, Stage
from bench.tables_in_page import table

_CENT = 0.005
_BUSY_MONTHS = (0, 1_000, 10_000, 100_000)


def prices_table() -> str:
    """Every price, and whose page says so."""
    rows = [
        (one.unit, f"{one.dollars:.10f}".rstrip("0").rstrip("."), _count(one.per), _count(one.free) or "-", one.source)
        for one in PRICES.values()
    ]
    return table(("what", "dollars", "for", "free each month", "source"), rows)


def stages_table() -> str:
    """A month in which nobody does anything."""
    rows = [
        (name, _dollars(total(idle_bill(stage))), _dollars(total(idle_bill(stage), is_free_tier_used=True)))
        for name, stage in STAGES.items()
    ]
    return table(("idle, a month", "dollars", "with the free tier"), rows)


def idle_lines_table() -> str:
    """What it is made of, for the smallest, the usual and the largest."""
    chosen = (DEV, PROD, WHOLE)
    bills = [{line.what: line for line in idle_bill(stage)} for stage in chosen]
    names = list(dict.fromkeys(name for bill in bills for name in bill))
    rows = [(name, *(_line(bill.get(name)) for bill in bills)) for name in names]
    free = tuple(_dollars(total(idle_bill(stage), is_free_tier_used=True)) for stage in chosen)
    whole = tuple(_dollars(total(idle_bill(stage))) for stage in chosen)
    rows += [("**together**", *whole), ("**with the free tier**", *free)]
    return table(("line", "dev, Neon", "prod, Neon", "prod, all of it"), rows)


def switches_table() -> str:
    """From a dev that is made as prod to one that idles for a dollar or two, one switch after the other."""
    rows: list[tuple[str, ...]] = []
    stage = PROD
    for name, turn in _SWITCHES:
        stage = turn(stage)
        lines = idle_bill(stage)
        rows.append((name, _dollars(total(lines)), _dollars(total(lines, is_free_tier_used=True))))
    return table(("dev, Neon", "dollars", "with the free tier"), rows)


_SWITCHES: tuple[tuple[str, Callable[[Stage], Stage]], ...] = (
    ("made as prod", lambda stage: stage),
    ("the vital alarms only, no dashboard", lambda stage: replace(stage, alarms=DEV.alarms, dashboards=0)),
    ("no key of our own in KMS, no traces", lambda stage: replace(stage, keys=0, is_traced=False)),
    (
        "secrets in Parameter Store",
        lambda stage: replace(stage, are_secrets_parameters=True, secrets=DEV.secrets),
    ),
    ("schedules once an hour, so that the database rests: as dev is now", lambda _stage: DEV),
    ("no MaximumConcurrency: two pollers a mapping", lambda stage: replace(stage, pollers=2)),
    ("and a free plan for the database", lambda stage: replace(stage, database="free")),
)


def sessions_table() -> str:
    """A thousand sessions."""
    lines = session_bill()
    rows = [(line.what, _amount(line), line.unit or "sessions", _dollars(line.dollars())) for line in lines]
    providers = sum(line.dollars() for line in lines if not line.price)
    rows += [
        ("**together**", "", "", _dollars(total(lines))),
        ("**of it providers of AI**", "", "", _dollars(providers)),
        ("**of it the first month of AWS and the database**", "", "", _dollars(total(lines) - providers)),
    ]
    return table(("1,000 sessions", "amount", "of", "dollars"), rows)


def questions_table() -> str:
    """A thousand questions to the notes."""
    lines = question_bill()
    rows = [(line.what, _amount(line), line.unit or "questions", _dollars(line.dollars())) for line in lines]
    return table(
        ("1,000 questions", "amount", "of", "dollars"), [*rows, ("**together**", "", "", _dollars(total(lines)))]
    )


def months_table() -> str:
    """Idle and sessions together, with the free tier, which the two share."""
    chosen = {"dev, Neon": DEV, "prod, Neon": PROD, "prod, all of it": WHOLE}
    rows = [
        (
            name,
            *(
                _dollars(
                    total([*idle_bill(stage), *session_bill(count), metrics_bill(stage, count)], is_free_tier_used=True)
                )
                for count in _BUSY_MONTHS
            ),
        )
        for name, stage in chosen.items()
    ]
    return table(("a month with so many sessions", *(_count(count) or "0" for count in _BUSY_MONTHS)), rows)


def facts_table() -> str:
    """Numbers the text speaks of."""
    polls = idle_polls(PROD)
    rows = [
        ("alarms of prod; of dev", f"{PROD.alarms}; {DEV.alarms}"),
        ("metrics told while nothing waits", _count(len(measured().idle_metrics)) or "0"),
        ("metrics told in the hour of a session", _count(len(measured().metrics))),
        ("event source mappings", _count(PROD.mappings)),
        ("their receives of nothing, a month of 730 hours", _count(polls)),
        ("invocations by schedules, a month", _count(_scheduled(PROD))),
        ("requests of a phone for one session", f"{requests_of_a_session():.0f}"),
        ("hours of a month", _count(HOURS)),
    ]
    return table(("counted", ""), rows)


def _scheduled(stage: Stage) -> float:
    return next(line.quantity for line in idle_bill(stage) if line.price == "scheduler")


TABLES: dict[str, Callable[[], str]] = {
    "facts": facts_table,
    "stages": stages_table,
    "lines": idle_lines_table,
    "switches": switches_table,
    "sessions": sessions_table,
    "questions": questions_table,
    "months": months_table,
    "prices": prices_table,
}


def _line(line: Line | None) -> str:
    return "-" if line is None else _dollars(line.dollars())


def _dollars(amount: float) -> str:
    return "0" if amount == 0 else "under 0.01" if amount < _CENT else f"{amount:,.2f}"


def _count(number: float) -> str:
    return f"{number:,.0f}" if number else ""


def _amount(line: Line) -> str:
    return f"{line.quantity:,.2f}" if line.quantity < 100 else f"{line.quantity:,.0f}"  # noqa: PLR2004 - as one writes it

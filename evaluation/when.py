"""`python -m evaluation.when`: how many phrases that speak of time, or seem to, are read right.

Misses are listed. A phrase is right when the periods found are those expected, no more, no fewer, and, of a question,
the words left.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from shared.when.find_times import find_times
from shared.when.model import BEGINNING, OPEN_END, Period
from shared.when.read_question import read_question

FOLDER = Path(__file__).parents[1] / "tests/unit/when/phrases"
SETS = ("tuned", "harder", "held_out")
"""Phrases the rules were written beside; phrases written to break them, once; phrases never tuned on."""

_USUAL_MOMENT = "2026-03-11T10:00"
_USUAL_ZONE = "Europe/Lisbon"


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Something a person says or asks at a moment, local in a zone, and the periods it speaks of.

    `kind`: "trap" if a careless reader takes it wrong. `rest`: of a question, its other words; None for a note.
    `miss`: why it is read wrong, if that is known.
    """

    text: str
    language: str
    kind: str
    at: datetime
    zone: str
    expected: frozenset[Period]
    rest: str | None
    miss: str | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was read of a phrase."""

    phrase: Phrase
    periods: frozenset[Period]
    rest: str | None

    @property
    def is_right(self) -> bool:
        """Whether that is exactly what was expected."""
        return (self.periods, self.rest) == (self.phrase.expected, self.phrase.rest)


def read_phrases(name: str) -> list[Phrase]:
    """The phrases of one set, in their order."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_phrase(json.loads(line)) for line in lines]


def outcome(phrase: Phrase) -> Outcome:
    """Read one phrase."""
    if phrase.rest is None:
        found = find_times(phrase.text, captured_at=phrase.at, time_zone=phrase.zone, language=phrase.language)
        return Outcome(phrase=phrase, periods=frozenset(mention.period for mention in found), rest=None)
    asked = read_question(phrase.text, now=phrase.at, time_zone=phrase.zone, language=phrase.language)
    return Outcome(phrase=phrase, periods=frozenset([asked.period] if asked.period else []), rest=asked.rest)


def main() -> None:
    """Print the share read right by set, language and kind, and every miss."""
    console = Console()
    table = Table("phrases", "language", "kind", "read right", "share", title="Times, read")
    misses: list[Outcome] = []
    for name in SETS:
        outcomes = [outcome(phrase) for phrase in read_phrases(name)]
        misses += [one for one in outcomes if not one.is_right]
        for group in _groups(outcomes):
            table.add_row(name, *group)
        table.add_section()
    console.print(table)
    for one in misses:
        console.print(f"missed: {one.phrase.text}")
        console.print(f"  expected {_spelled(one.phrase.expected)}, read {_spelled(one.periods)}")


def _groups(outcomes: Sequence[Outcome]) -> Iterable[tuple[str, str, str, str]]:
    keys = sorted({(one.phrase.language[:2], one.phrase.kind) for one in outcomes})
    for language, kind in [*keys, ("all", "all")]:
        asked = [one for one in outcomes if (one.phrase.language[:2], one.phrase.kind) == (language, kind)]
        group = asked if language != "all" else outcomes
        right = sum(one.is_right for one in group)
        yield language, kind, f"{right} of {len(group)}", f"{right / len(group):.0%}"


def _phrase(line: dict[str, Any]) -> Phrase:
    zone = ZoneInfo(line.get("zone", _USUAL_ZONE))
    return Phrase(
        text=line["text"],
        language=line["language"],
        kind=line["kind"],
        at=datetime.fromisoformat(line.get("at", _USUAL_MOMENT)).replace(tzinfo=zone),
        zone=zone.key,
        expected=frozenset(_period(written, zone) for written in line["expected"]),
        rest=line.get("rest"),
        miss=line.get("miss"),
    )


def _period(written: str, zone: ZoneInfo) -> Period:
    """A day, a minute ("2026-03-12T09:00") or a range of either, local; a range may be open to one side."""
    first, dots, last = written.partition("..")
    if dots:
        return Period(start=_moment(first, zone) if first else BEGINNING, end=_moment(last, zone) if last else OPEN_END)
    local = datetime.fromisoformat(first)
    if "T" in first:
        start = _in_utc(local, zone)
        return Period(start=start, end=start + timedelta(minutes=1))
    return Period(start=_in_utc(local, zone), end=_in_utc(local + timedelta(days=1), zone))


def _moment(written: str, zone: ZoneInfo) -> datetime:
    return _in_utc(datetime.fromisoformat(written), zone)


def _in_utc(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


def _spelled(periods: Iterable[Period]) -> str:
    return ", ".join(sorted(f"{one.start:%Y-%m-%d %H:%M} to {one.end:%Y-%m-%d %H:%M}" for one in periods)) or "none"


if __name__ == "__main__":
    main()

"""What rules for clock times make of what they captured, and what must stand around a clock time."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from shared.when import english_words, portuguese_words
from shared.when.patterns import Captures, Guard
from shared.when.said import Said
from shared.when.times_of_day import Clock, clock
from shared.when.tokens import Token

_MEASURED = frozenset(
    """percent per km miles mph feet people children men women degrees euros reais dollars pounds times dólares por
    graus pessoas vezes x kg g ml cm m th st nd rd""".split()
)
_STREETS = {"street", "st", "road", "rd", "avenue", "ave", "lane", "drive", "square", "place", "court"}
_NO_PLURALS = {"is", "was", "this", "as", "has", "mas", "depois", "antes", "nas", "às", "os"}
_DAYS_AND_MONTHS = frozenset(
    word
    for words in (english_words, portuguese_words)
    for table in (words.WEEKDAYS, words.MONTHS, words.SHORT_WEEKDAYS)
    for word in table
) | {"feira", "hoje", "amanhã", "ontem", "today", "tomorrow", "yesterday", "tonight"}
_NOON = 12


def shown(captured: Captures) -> Clock | None:
    """The clock time of `hour`, `minute` and `meridiem`; open if the rule says so."""
    minute: int = captured.get("minute") or 0
    return clock(captured["hour"], minute, captured.get("meridiem"), is_open=captured.get("is_open", False))


def said(captured: Captures) -> Said | None:
    """That time, as it stands."""
    read = shown(captured)
    return None if read is None else Said(clock=read)


def said_open(captured: Captures) -> Said | None:
    """That time, before or after noon."""
    return said({**captured, "is_open": True})


def half_past(captured: Captures) -> Said | None:
    """Half an hour later, before or after noon."""
    return said_open({**captured, "minute": 30})


def said_weakly(captured: Captures) -> Said | None:
    """That time, if a day stands beside it."""
    read = shown(captured)
    return None if read is None else Said(clock=replace(read, is_weak=True))


def minutes_past(captured: Captures) -> Said | None:
    """So many `minutes` past the hour."""
    return said_open({**captured, "minute": captured["minutes"]})


def minutes_before(captured: Captures) -> Said | None:
    """So many `minutes` before the hour."""
    read = shown({**captured, "is_open": True})
    if read is None:
        return None
    hour = (read.hour - 2) % _NOON + 1 if read.is_open else (read.hour - 1) % 24
    return Said(clock=Clock(hour=hour, minute=60 - captured["minutes"], is_open=read.is_open))


def from_to(captured: Captures) -> Said | None:
    """From one clock time to another: what tells the half of the day of the last tells that of the first."""
    first, last = captured["first"], captured["last"]
    if first is None or last is None:
        return None
    afternoon = first.hour + _NOON
    if first.is_open and not last.is_open and last.hour >= _NOON and afternoon < last.hour:
        first = Clock(hour=afternoon, minute=first.minute)
    return Said(clock=first, until=last)


def from_to_weakly(captured: Captures) -> Said | None:
    """From one to another, if a day stands beside it, or one of the two is surely a clock time."""
    range_said = from_to(captured)
    if range_said is None or range_said.clock is None or range_said.until is None:
        return range_said
    is_weak = range_said.clock.is_open and range_said.until.is_open
    return replace(range_said, clock=replace(range_said.clock, is_weak=is_weak))


def counts_nothing(closed: Collection[str]) -> Guard:
    """No plural, measure or street follows that the number would count or number."""

    def guard(tokens: Sequence[Token], _start: int, end: int) -> bool:
        if end >= len(tokens) or not tokens[end].is_word or tokens[end].begins_line:
            return True
        word = tokens[end].word
        if word in _MEASURED or any(token.word in _STREETS for token in tokens[end : end + 3]):
            return False
        return word in closed or word in _NO_PLURALS or not word.endswith("s") or word.endswith("mos")

    return guard


def goes_on_to_a_number(tokens: Sequence[Token], _start: int, end: int) -> bool:
    """A scale or a range follows: "at one to ten"."""
    if end + 1 >= len(tokens) or tokens[end].word != "to":
        return False
    return tokens[end + 1].is_number or tokens[end + 1].word in english_words.NUMBERS


def is_no_verse(tokens: Sequence[Token], start: int, _end: int) -> bool:
    """No name stands before, as in "John 3:16"."""
    if start == 0 or not tokens[start - 1].is_capital or tokens[start - 1].begins_line:
        return True
    if tokens[start - 1].word in _DAYS_AND_MONTHS:
        return True
    return start == 1 or not tokens[start - 2].is_word


def begins_with_two_digits(tokens: Sequence[Token], start: int, _end: int) -> bool:
    """As in "09:30"."""
    return _digits(tokens[start]) == 2  # noqa: PLR2004 - two digits


def ends_with_two_digits(tokens: Sequence[Token], _start: int, end: int) -> bool:
    """As in "9:30", not "9:3"."""
    return _digits(tokens[end - 1]) == 2  # noqa: PLR2004 - two digits


def _digits(token: Token) -> int:
    return token.end - token.start if token.is_number else 0

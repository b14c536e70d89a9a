"""Finds in a text everything that may be said of a time, and puts together what is said side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shared.values import frozen
from shared.when.days import CalendarDate, Stretch
from shared.when.english import ENGLISH
from shared.when.numeric_dates import SlashDate
from shared.when.patterns import Match, Matcher
from shared.when.portuguese import PORTUGUESE
from shared.when.said import FromNow, NoTime, Said, merged
from shared.when.tokens import Token

_GLUE = frozenset(
    """, at on in the by of around about de da do das às as à a ao em no na nos nas pelas pela
    por desde between entre from das""".split()
)
"""Words that may stand between a day and its hour."""
_MAX_GLUE = 3
_RANGE = frozenset("to until till through thru - – — a à ao até and e".split())
_RANGE_AND = {"and", "e"}
_BETWEEN = {"between", "entre"}
_PLACING = {"in", "the", "de", "da", "à", "pela", "at", "na"}
_SENTENCE_ENDS = {".", "!", "?", ";", "…"}
_MONTH_FIRST = {"en", "en-us", "en-ph"}
_MONTHS = 12


@frozen
class Found:
    """What `tokens[start:end]` say of a time, in which sentence."""

    start: int
    end: int
    sentence: int
    said: Said | FromNow


def scan(tokens: Sequence[Token], language: str) -> list[Found]:
    """Everything found, in order; none overlaps another. `language` is a tag: its grammar goes first."""
    sentences = _sentences(tokens)
    atoms = [
        Found(start=match.start, end=match.end, sentence=sentences[match.start], said=said)
        for match in _matches(tokens, language)
        if (said := _as_said(match.value, language)) is not None
    ]
    return _with_ranges(_merged(atoms, tokens), tokens)


def _matches(tokens: Sequence[Token], language: str) -> Iterator[Match]:
    grammars = (PORTUGUESE, ENGLISH) if language.lower().startswith("pt") else (ENGLISH, PORTUGUESE)
    matchers = [Matcher(grammar, tokens) for grammar in grammars]
    at = 0
    while at < len(tokens):
        match = _longest(matchers, at)
        if match is not None:
            yield match
        at = match.end if match else at + 1


def _longest(matchers: Sequence[Matcher], at: int) -> Match | None:
    """The longest match; of the language that goes first, if both are as long."""
    found = [match for matcher in matchers if (match := matcher.longest_at(at)) is not None]
    return max(found, key=lambda match: match.end, default=None)


def _sentences(tokens: Sequence[Token]) -> list[int]:
    """The number of the sentence of each token."""
    numbers: list[int] = []
    current = 0
    for at, token in enumerate(tokens):
        if at and (token.begins_line and not _goes_on(token)):
            current += 1
        numbers.append(current)
        if token.word in _SENTENCE_ENDS and not (at + 1 < len(tokens) and tokens[at + 1].is_glued):
            current += 1
    return numbers


def _goes_on(token: Token) -> bool:
    """A line that begins with a small letter goes on with the sentence of the line before."""
    return token.is_word and not token.is_capital


def _as_said(value: Said | FromNow | SlashDate | NoTime, language: str) -> Said | FromNow | None:
    if isinstance(value, SlashDate):
        days = _date_of(value, language.lower())
        return Said(days=days) if days else None
    return None if isinstance(value, NoTime) else value


def _date_of(written: SlashDate, language: str) -> CalendarDate | None:
    """Day and month by the language: month first in American and in plain English, if that can be."""
    if language in _MONTH_FIRST:
        month, day = written.first, written.second
        if month > _MONTHS:
            month, day = day, month
    else:
        day, month = written.first, written.second
    if not 1 <= month <= _MONTHS:
        return None
    return CalendarDate(year=written.year, month=month, day=day)


def _merged(atoms: Sequence[Found], tokens: Sequence[Token]) -> list[Found]:
    """Days with the hours that stand beside them."""
    found: list[Found] = []
    for atom in atoms:
        joined = _joined(found[-1], atom, tokens) if found else None
        if joined is None:
            found.append(atom)
        else:
            found[-1] = joined
    return found


def _joined(one: Found, other: Found, tokens: Sequence[Token]) -> Found | None:
    if one.sentence != other.sentence or isinstance(one.said, FromNow) or isinstance(other.said, FromNow):
        return None
    gap = [token.word for token in tokens[one.end : other.start]]
    if len(gap) > _MAX_GLUE or not all(_is_glue(gap, at) for at in range(len(gap))):
        return None
    said = merged(one.said, other.said)
    return None if said is None else replace(one, end=other.end, said=said)


def _is_glue(gap: Sequence[str], at: int) -> bool:
    return gap[at] in _GLUE or (gap[at] == "volta" and at > 0 and gap[at - 1] == "por")


def _with_ranges(found: Sequence[Found], tokens: Sequence[Token]) -> list[Found]:
    """From one day to another, where two are said with "to" between them."""
    kept: list[Found] = []
    for one in found:
        joined = _range(kept[-1], one, tokens) if kept else None
        if joined is None:
            kept.append(one)
        else:
            kept[-1] = joined
    return kept


def _range(one: Found, other: Found, tokens: Sequence[Token]) -> Found | None:
    gap = [token.word for token in tokens[one.end : other.start] if token.word not in {"the", "o", "dia"}]
    if len(gap) != 1 or gap[0] not in _RANGE or not isinstance(one.said, Said) or not isinstance(other.said, Said):
        return None
    before = tokens[one.start - 1].word if one.start else ""
    if gap[0] in _RANGE_AND and before not in _BETWEEN:
        return None
    first, last = one.said, other.said
    if first == Said(days=first.days) and last == Said(days=last.days) and first.days and last.days:
        return replace(one, end=other.end, said=Said(days=Stretch(first=first.days, last=last.days)))
    if first.clock and not first.until and last.clock and not last.until and not last.days:
        clock = replace(first.clock, is_weak=False)
        return replace(one, end=other.end, said=replace(first, clock=clock, until=last.clock))
    return None


def is_placed(found: Found, tokens: Sequence[Token]) -> bool:
    """Whether a part of a day is said as one ("in the morning"), so that it may belong to a day said elsewhere."""
    return found.start > 0 and tokens[found.start - 1].word in _PLACING

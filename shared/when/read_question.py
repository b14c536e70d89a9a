"""Reads which period a question asks about, and what it asks beside that."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shared.when.model import BEGINNING, OPEN_END, Period, Question
from shared.when.reading import Moment, Read, read_times
from shared.when.tokens import Token, tokenize
from shared.when.zones import zone_or_utc

_SINCE = {"since", "desde", "starting"}
_UNTIL = {"until", "till", "before", "até", "ate", "antes", "by"}
_AFTER = {"after", "depois", "após"}
_ENGLISH = frozenset(
    """in on at from of during for over within between to about around the since starting until till before by
    after""".split()
)
_PORTUGUESE = frozenset(
    """em no na nos nas de do da dos das durante entre para pra a à às ao aos por pela pelo o os as desde até ate antes
    depois após""".split()
)
_BOTH = frozenset({"do", "a", "as", "no", "the", "for", "to", "at"})
"""Leading words of one language that are other words in the other: "what will I do on Friday"."""
_MAX_LEADING = 3
_TOPICS = {"about", "sobre", "regarding"}
_SPACES = re.compile(r"[^\S\n]{2,}")
_SPACE_BEFORE_MARK = re.compile(r"\s+([?!.,;:])")
_LOOSE_MARKS = re.compile(r"^[\s,;:.–—-]+|[\s,;:–—-]+$")


def read_question(text: str, *, now: datetime, time_zone: str, language: str) -> Question:
    """The period a question asks about, None if it names none, and the question without the words that name it.

    `now` is aware; `time_zone` an IANA name (UTC if there is none such); `language` a tag. A bare weekday, date or
    month lies behind, unless the verbs beside it are of the future: "on Friday" is the last one. Of several times the
    first counts that the question is not about. Raises ValueError for a naive `now`, and nothing else.
    """
    tokens = tokenize(text)
    moment = Moment(at=now, time_zone=time_zone, language=language, is_question=True)
    read = read_times(tokens, moment)
    if not read:
        return Question(period=None, rest=text.strip())
    chosen = next((one for one in read if not _is_topic(one, tokens)), read[0])
    first = _leading(chosen, tokens, language)
    words = [token.word for token in tokens[first : chosen.start]]
    period = _open_sided(chosen.period, words, moment)
    return Question(period=period, rest=_without(text, tokens[first].start, tokens[chosen.end - 1].end))


def _is_topic(read: Read, tokens: Sequence[Token]) -> bool:
    return read.start > 0 and tokens[read.start - 1].word in _TOPICS


def _leading(read: Read, tokens: Sequence[Token], language: str) -> int:
    """Where the words begin that lead to the time: "since", "in the"."""
    own, other = (_PORTUGUESE, _ENGLISH) if language.lower().startswith("pt") else (_ENGLISH, _PORTUGUESE)
    leading = own | (other - _BOTH)
    first = read.start
    while first > max(0, read.start - _MAX_LEADING) and tokens[first - 1].word in leading:
        first -= 1
    return first


def _open_sided(period: Period, words: Sequence[str], moment: Moment) -> Period:
    """The period that "since", "until" or "after" opens to one side; an end that is now takes today with it."""
    if _SINCE & set(words):
        return Period(start=period.start, end=max(period.end, _tomorrow(moment)))
    if _AFTER & set(words):
        return Period(start=period.end, end=OPEN_END) if period.end < OPEN_END else period
    if _UNTIL & set(words):
        end = period.start if {"before", "antes"} & set(words) else period.end
        return Period(start=BEGINNING, end=end) if end > BEGINNING else period
    return period


def _tomorrow(moment: Moment) -> datetime:
    zone = zone_or_utc(moment.time_zone)
    try:
        day = moment.at.astimezone(zone).date() + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    except OverflowError:  # the last day of the calendar
        return moment.at


def _without(text: str, start: int, end: int) -> str:
    left = f"{text[:start]} {text[end:]}"
    joined = _SPACE_BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", left))
    rest = _LOOSE_MARKS.sub("", joined)
    return rest if any(character.isalnum() for character in rest) else ""

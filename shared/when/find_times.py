"""Finds the times a note speaks of."""

from datetime import datetime

from shared.when.model import Mention
from shared.when.reading import Moment, read_times
from shared.when.tokens import tokenize


def find_times(text: str, *, captured_at: datetime, time_zone: str, language: str) -> tuple[Mention, ...]:
    """What the text speaks of, in its order, resolved against the moment it was captured.

    `captured_at` is aware; `time_zone` an IANA name (UTC if there is none such); `language` a tag: it decides which
    of English and Portuguese goes first, and how 03/05 is read. A bare weekday or date lies ahead, unless the verbs
    beside it are of the past. Raises ValueError for a naive `captured_at`, and nothing else.
    """
    tokens = tokenize(text)
    moment = Moment(at=captured_at, time_zone=time_zone, language=language, is_question=False)
    return tuple(
        Mention(
            start=tokens[read.start].start,
            end=tokens[read.end - 1].end,
            period=read.period,
            is_exact=read.is_exact,
        )
        for read in read_times(tokens, moment)
    )

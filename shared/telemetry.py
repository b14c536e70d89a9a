"""Structured logs: one JSON object a line, with the correlation id of the request that started it all.

What may be logged: ids, states, counts, sizes, durations, error kinds. Never text of notes, e-mail addresses,
tokens, keys or signed URLs. So an error is told by what it is and where it came from, never by its message, which may
hold a row, a prompt or a connection string; and of what libraries log, only that they did (docs/security.md).
"""

import json
import logging
import re
import traceback
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import PurePath
from types import TracebackType
from typing import Any, cast
from uuid import UUID

from aws_lambda_powertools.logging import Logger

WITHHELD = "a library's words, withheld"
"""What stands for the message of a library: openai's hold prompts, urllib3's signed URLs, psycopg's rows."""

MASK = "[masked]"

_MOST_LINKS = 10
_MOST_FRAMES = 30
_PATH_PARTS = 4
_FACTS = ("exact_code", "sqlstate", "status_code", "errno")
_DIAGNOSED = ("schema_name", "table_name", "column_name", "constraint_name")
_WORD = re.compile(r"[\w.:\[\]-]{1,64}", re.ASCII)
# A second look at each line, for what can be told by its form alone; quantities are bounded, so that it stays linear.
_TELLTALE = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.?[\w-]*"  # a JWT
    r"|[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"  # an e-mail address
    r"|[Xx]-[Aa][Mm][Zz]-(?:[Ss]ignature|[Cc]redential|[Ss]ecurity-[Tt]oken)=[^&\s\"]+"  # a presigned URL
    r"|\b(?:sk|rk|pk|whsec)_[\w-]{8,}|\bsk-[\w-]{16,}|\bgsk_\w{16,}"  # keys of Stripe, OpenAI and Groq
    r"|[Bb]earer [\w.~+/=-]{8,}"
    r"|://[^\s/\"@:]{1,200}:[^\s/\"@]{1,500}@"  # user and password of a URL
)
_HINTS = ("@", "eyJ", "mz-", "MZ-", "k_", "k-", "sec_", "earer ")
"""One of them is in whatever _TELLTALE finds; looking for them costs a tenth, and most lines have none."""


def _told(value: object) -> str:
    """A value JSON has no words for: as text where that is an id or a time, else by its kind only."""
    return str(value) if isinstance(value, UUID | date) else type(value).__name__


_encoded = json.JSONEncoder(default=_told, separators=(",", ":"), ensure_ascii=False).encode


def _written(line: Any) -> str:  # noqa: ANN401 - Powertools' own dict
    text = _encoded(line)
    return _TELLTALE.sub(MASK, text) if any(hint in text for hint in _HINTS) else text


log = Logger(json_serializer=_written)
"""The one logger: its service name and level come from POWERTOOLS_*, which Powertools reads by itself."""


def correlate(correlation_id: str) -> None:
    """Put this id on every line until the next call."""
    log.set_correlation_id(correlation_id)


def correlation_id() -> str:
    """The id now on every line; empty when none was set."""
    return log.get_correlation_id() or ""


@contextmanager
def correlated(other_id: str | None) -> Generator[None]:
    """Put another id on every line inside, and on every message written inside; None changes nothing."""
    before = correlation_id()
    correlate(other_id or before)
    try:
        yield
    finally:
        correlate(before)


def keep_secrets() -> None:
    """From now on no log record of this process, whoever writes it, at whatever level, holds an error's message.

    Of libraries' records, the message is withheld as well. Records are changed where they are made, before any
    handler sees them. Doing so twice changes nothing.
    """
    made = logging.getLogRecordFactory()
    if not isinstance(made, _Discreet):
        logging.setLogRecordFactory(_Discreet(made))


def word(text: object) -> str | None:
    """A word that somebody else chose, such as a vendor's error code, if it is no more than a word; else None."""
    found = _WORD.fullmatch(str(text))
    return found.group() if found and text is not None else None


def story_of(error: BaseException) -> str:
    """What went wrong and where, the first cause first, without a word of any message.

    A line for each error: its type, and what of it cannot hold anybody's data (our code, SQL state, names of table and
    constraint, HTTP status); below it, where it came from, the innermost place last.
    """
    return "\nwhich led to ".join(_link(each) for each in reversed(list(_chain(error))))


class _Discreet(partial[logging.LogRecord]):
    """A factory of records: logging hands it name, level, path, line, message, arguments and what was caught."""

    def __call__(
        self,
        name: str,
        level: int,
        fn: str,
        lno: int,
        msg: object,
        args: Any,  # noqa: ANN401 - what the message has places for
        exc_info: object,
        *others: Any,  # noqa: ANN401 - logging's own
        **more: Any,  # noqa: ANN401 - logging's own
    ) -> logging.LogRecord:
        if name != log.name:
            msg, args = WITHHELD, ()
        record = self.func(name, level, fn, lno, msg, args, None, *others, **more)
        record.stack_info = None
        caught = cast("tuple[object, ...]", exc_info)[1] if isinstance(exc_info, tuple) else None
        if isinstance(caught, BaseException):
            record.exception_name = type(caught).__name__
            record.exception = story_of(caught)
        return record


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it came from."""
    seen: list[BaseException] = []
    while error is not None and error not in seen and len(seen) < _MOST_LINKS:
        seen.append(error)
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _link(error: BaseException) -> str:
    kind = type(error)
    words = [f"{kind.__module__}.{kind.__qualname__}", *_facts(error)]
    return "\n".join([" ".join(words), *_places(error.__traceback__)])


def _facts(error: BaseException) -> Iterator[str]:
    known = [(name, getattr(error, name, None)) for name in _FACTS]
    diagnosed = getattr(error, "diag", None)
    known += [(name, getattr(diagnosed, name, None)) for name in _DIAGNOSED]
    return (f"{name}={value}" for name, value in known if isinstance(value, str | int) and word(value))


def _places(of: TracebackType | None) -> list[str]:
    frames = traceback.StackSummary.extract(traceback.walk_tb(of), lookup_lines=False)[-_MOST_FRAMES:]
    return [f"  {'/'.join(PurePath(f.filename).parts[-_PATH_PARTS:])}:{f.lineno} {f.name}" for f in frames]

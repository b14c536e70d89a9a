"""The SQL of a call, written down while our handler runs it, and run again by hand: psycopg and nothing else.

Our handler sends several statements in one message where it can. By hand they are sent twice: in the same messages,
and one by one, as they would be written with psycopg and nothing else at hand.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import sql


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What was sent, with its values; `is_many` for each of a list of values."""

    query: Any
    values: Any
    is_many: bool


@dataclass
class Script:
    """The statements of one call, in their order."""

    statements: list[Statement] = field(default_factory=list[Statement])


@contextmanager
def written_down(script: Script) -> Generator[None]:
    """Every connection that `shared.db` opens inside writes down its statements, for as long as it lives."""

    class Writing(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:  # noqa: ANN401 - psycopg's own
            text = query.decode() if isinstance(query, bytes) else query
            script.statements.append(Statement(query=text, values=params, is_many=False))
            return super().execute(query, params, **options)

        def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:  # noqa: ANN401 - psycopg's own
            rows = list(params_seq)
            script.statements.append(Statement(query=query, values=rows, is_many=True))
            super().executemany(query, rows, **options)

    with patch.object(psycopg, "connect", partial(psycopg.connect, cursor_factory=Writing)):
        yield


def as_text(statements: Sequence[Statement], connection: psycopg.Connection) -> list[Statement]:
    """The same statements with nothing left to compose: who writes by hand has the text ready."""
    return [
        Statement(
            query=one.query.as_string(connection) if isinstance(one.query, sql.Composable) else one.query,
            values=one.values,
            is_many=one.is_many,
        )
        for one in statements
    ]


def one_by_one(statements: Sequence[Statement]) -> list[Statement]:
    """What was sent in one message, apart. The values of these calls hold no semicolon."""
    return [
        Statement(query=text, values=one.values, is_many=one.is_many)
        for one in statements
        for text in one.query.split("; ")
    ]


def run_by_hand(connection: psycopg.Connection, statements: Sequence[Statement]) -> None:
    """Send them one after the other, and fetch every row, as tuples."""
    for one in statements:
        with connection.cursor() as cursor:
            if one.is_many:
                cursor.executemany(one.query, one.values)
                continue
            cursor.execute(one.query, one.values)
            for result in cursor.results():
                if result.description is not None:
                    result.fetchall()

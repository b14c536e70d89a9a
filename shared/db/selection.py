"""A SELECT of a room, to be asked by itself or together with those of other rooms."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, LiteralString, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow, kwargs_row

from shared.values import frozen

RowT_co = TypeVar("RowT_co", covariant=True)
_STATEMENTS_OF_BEGIN = 2


@frozen
class Selection(Generic[RowT_co]):
    """A statement that only reads, its values by their names, and what becomes of each row (columns by keyword)."""

    statement: LiteralString
    values: Mapping[str, Any]
    row: Callable[..., RowT_co]

    def of(self, row: Mapping[str, Any] | None) -> RowT_co | None:
        """What becomes of a row that was read by the columns' names; None of none."""
        return None if row is None else self.row(**row)

    def all_of(self, tx: psycopg.Connection[TupleRow]) -> list[RowT_co]:
        """Every row, asked by itself."""
        with tx.cursor(row_factory=kwargs_row(self.row)) as cursor:
            return cursor.execute(self.statement, self.values).fetchall()

    def first_of(self, tx: psycopg.Connection[TupleRow]) -> RowT_co | None:
        """The first row, asked by itself; None if there is none."""
        with tx.cursor(row_factory=kwargs_row(self.row)) as cursor:
            return cursor.execute(self.statement, self.values).fetchone()


def texts_of(connection: psycopg.Connection[TupleRow], selections: Sequence[Selection[Any]]) -> list[str]:
    """Each statement with its values written into it: a message of several statements takes no parameters."""
    with psycopg.ClientCursor(connection) as cursor:
        return [cursor.mogrify(one.statement, one.values) for one in selections]


def rows_together(
    connection: psycopg.Connection[TupleRow], selections: Sequence[Selection[Any]], *, begin: sql.Composed | None = None
) -> list[list[Any]]:
    """The rows of each selection, in one message that ends the transaction, which was begun or which `begin` begins.

    `begin` is BEGIN and the setting of the tenant.
    """
    beginning = [] if begin is None else [begin.as_string(connection)]
    message = "; ".join([*beginning, *texts_of(connection, selections), "COMMIT"]).encode()
    with connection.cursor() as cursor:
        cursor.execute(message)
        answered = 0 if begin is None else _STATEMENTS_OF_BEGIN
        return [_rows(cursor, answered + number, one) for number, one in enumerate(selections)]


def _rows(cursor: psycopg.Cursor[Any], number: int, selection: Selection[Any]) -> list[Any]:
    cursor.set_result(number)
    cursor.row_factory = kwargs_row(selection.row)
    return cursor.fetchall()

"""SQL that reads everything of one user, whatever tables there are: all other rooms' tables, and nothing but reads."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

from psycopg import sql
from psycopg.rows import class_row, scalar_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.takeout.notes import NoteRow
from shared.takeout.tables import Table, taken

_FETCHED_ROWS = 50
"""At once: a row may hold the transcript of four hours."""


def tables(tx: Transaction) -> list[Table]:
    """Every table with a column `user_id`, and `users`, by name."""
    rows = tx.execute(
        """
        SELECT c.relname::text,
               (SELECT array_agg(a.attname::text ORDER BY a.attnum)
                FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
               (SELECT array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum))
                FROM pg_index i
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                WHERE i.indrelid = c.oid AND i.indisprimary)
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace
          AND c.relkind IN ('r', 'p')
          AND (c.relname = 'users' OR EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id' AND NOT a.attisdropped))
        ORDER BY c.relname
        """
    ).fetchall()
    return [Table(name=name, columns=tuple(columns), key=tuple(key or ())) for name, columns, key in rows]


@contextmanager
def rows_as_json(tx: Transaction, user_id: UserId, table: Table) -> Generator[Iterator[str]]:
    """The user's rows of the table, each as one line of JSON, in the table's order; a few at a time are in memory."""
    query = sql.SQL(
        """
        SELECT row_to_json(taken)::text
        FROM (
          SELECT {columns}
          FROM {table}
          WHERE {owner} = %(user_id)s
          ORDER BY {order}
        ) taken
        """
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, taken(table))),
        table=sql.Identifier(table.name),
        owner=sql.Identifier(table.owner),
        order=sql.SQL(", ").join(map(sql.Identifier, table.order or (table.owner,))),
    )
    with tx.cursor(name="takeout", row_factory=scalar_row) as cursor:
        cursor.itersize = _FETCHED_ROWS
        cursor.execute(query, {"user_id": user_id})
        yield iter(cursor)


@contextmanager
def note_rows(tx: Transaction, user_id: UserId) -> Generator[Iterator[NoteRow]]:
    """Sessions with their blocks, oldest first: a row for each block, and one for a session without any."""
    with tx.cursor(name="takeout", row_factory=class_row(NoteRow)) as cursor:
        cursor.itersize = _FETCHED_ROWS
        cursor.execute(
            """
            SELECT s.id AS session_id, s.session_type, s.status, s.time_zone, s.title, s.ai_summary, s.created_at,
                   b.block_type, b.text_content, b.segments, b.captured_at,
                   m.id AS media_id, m.type AS media_type, m.content_type
            FROM sessions s
            LEFT JOIN session_blocks b ON b.user_id = s.user_id AND b.session_id = s.id
            LEFT JOIN media_files m ON m.user_id = b.user_id AND m.id = b.media_id AND m.status = 'uploaded'
            WHERE s.user_id = %(user_id)s
            ORDER BY s.created_at, s.id, b.captured_at, b.id
            """,
            {"user_id": user_id},
        )
        yield iter(cursor)

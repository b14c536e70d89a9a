"""SQL of the feed of changes; its rows are written by triggers of the tables it tells of (docs/adr/0021)."""

from typing import Any

from psycopg.rows import class_row, kwargs_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.sync.model import Change, Feed, FeedPosition, ThingKind


def _change(**row: Any) -> Change:
    row["kind"] = ThingKind(row["kind"])
    return Change(**row)


def find_feed(tx: Transaction, user_id: UserId) -> Feed | None:
    """The user's numbering; None when the user is gone."""
    with tx.cursor(row_factory=class_row(Feed)) as cursor:
        return cursor.execute(
            "SELECT feed_id AS id, last_seq FROM change_counters WHERE user_id = %(user_id)s", {"user_id": user_id}
        ).fetchone()


def changes_behind(tx: Transaction, user_id: UserId, position: FeedPosition, limit: int) -> list[Change]:
    """The next changes, in their order."""
    with tx.cursor(row_factory=kwargs_row(_change)) as cursor:
        return cursor.execute(
            """
            SELECT kind, id, seq
            FROM changes
            WHERE user_id = %(user_id)s AND (seq, kind, id) > (%(seq)s, %(kind)s, %(id)s)
            ORDER BY seq, kind, id
            LIMIT %(limit)s
            """,
            {
                "user_id": user_id,
                "seq": position.seq,
                "kind": position.kind,
                "id": position.id,
                "limit": limit,
            },
        ).fetchall()

"""SQL of the outbox."""

from collections.abc import Sequence
from datetime import timedelta

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.ids import UserId
from shared.outbox.model import Announcement


def insert(
    tx: Transaction,
    user_id: UserId,
    correlation_id: str,
    announcements: Sequence[Announcement],
    *,
    due_in: timedelta = timedelta(0),
) -> None:
    """Write messages of one user to be sent, in one statement; they are as if written when they are due."""
    tx.execute(
        """
        INSERT INTO outbox (user_id, id, queue, body, correlation_id, created_at)
        SELECT %(user_id)s, new.id, new.queue, new.body, %(correlation_id)s, now() + %(due_in)s
        FROM unnest(%(ids)s::uuid[], %(queues)s::text[], %(bodies)s::jsonb[]) AS new (id, queue, body)
        """,
        {
            "user_id": user_id,
            "correlation_id": correlation_id,
            "due_in": due_in,
            "ids": [a.id for a in announcements],
            "queues": [a.queue for a in announcements],
            "bodies": [Jsonb(a.body) for a in announcements],
        },
    )


def delete_unsent(tx: Transaction, announcements: Sequence[Announcement]) -> int:
    """Take back those that nobody has sent or is sending; returns how many."""
    return tx.execute(
        """
        DELETE FROM outbox o
        USING unnest(%(user_ids)s::uuid[], %(ids)s::uuid[]) AS unwanted (user_id, id)
        WHERE o.user_id = unwanted.user_id AND o.id = unwanted.id AND o.published_at IS NULL AND o.claimed_at IS NULL
        """,
        {"user_ids": [a.user_id for a in announcements], "ids": [a.id for a in announcements]},
    ).rowcount


def mark_published(tx: Transaction, announcements: Sequence[Announcement]) -> None:
    """Remember that these were sent."""
    tx.execute(
        """
        UPDATE outbox o
        SET published_at = now()
        FROM unnest(%(user_ids)s::uuid[], %(ids)s::uuid[]) AS sent (user_id, id)
        WHERE o.user_id = sent.user_id AND o.id = sent.id
        """,
        {"user_ids": [a.user_id for a in announcements], "ids": [a.id for a in announcements]},
    )


def claim_overdue(tx: Transaction, *, older_than: timedelta, claim_for: timedelta, limit: int) -> list[Announcement]:
    """Take unsent messages of any user that nobody else is sending; needs the system role."""
    with tx.cursor(row_factory=class_row(Announcement)) as cursor:
        return cursor.execute(
            """
            UPDATE outbox o
            SET claimed_at = now()
            FROM (
              SELECT user_id, id
              FROM outbox
              WHERE published_at IS NULL
                AND created_at < now() - %(older_than)s
                AND (claimed_at IS NULL OR claimed_at < now() - %(claim_for)s)
              ORDER BY claimed_at NULLS FIRST, created_at  -- what a queue did not take lets others go first
              LIMIT %(limit)s
              FOR UPDATE SKIP LOCKED
            ) overdue
            WHERE o.user_id = overdue.user_id AND o.id = overdue.id
            RETURNING o.id, o.user_id, o.queue, o.body, o.correlation_id
            """,
            {"older_than": older_than, "claim_for": claim_for, "limit": limit},
        ).fetchall()


def any_unsent(tx: Transaction) -> bool:
    """Whether any user's message is unsent; needs the system role."""
    row = tx.execute("SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL AND created_at <= now())").fetchone()
    return row is not None and row[0]


def delete_published(tx: Transaction, *, older_than: timedelta) -> int:
    """Forget messages sent long ago; returns how many. Needs the system role."""
    return tx.execute(
        "DELETE FROM outbox WHERE published_at < now() - %(older_than)s", {"older_than": older_than}
    ).rowcount


def unsent(tx: Transaction) -> Backlog:
    """Messages of any user that wait to be sent. System role."""
    with tx.cursor(row_factory=class_row(Backlog)) as cursor:
        found = cursor.execute(
            """
            SELECT count(*) AS count, extract(epoch FROM now() - min(created_at))::float AS oldest_seconds
            FROM outbox
            WHERE published_at IS NULL AND created_at <= now()
            """
        ).fetchone()
    return found or Backlog(count=0, oldest_seconds=None)

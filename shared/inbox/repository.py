"""SQL of the inbox. No row of it belongs to a user."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.inbox.model import Event, EventFilter, EventState, NewEvent


def insert(
    tx: Transaction, row_id: UUID, event: NewEvent, *, correlation_id: str, first_retry: timedelta
) -> UUID | None:
    """Keep the event and return its row's id; None when its sender has told it before.

    A copy that we act on replaces one that was ignored as it came in, untried: what it lacked has been mended.
    """
    kept = tx.execute(
        """
        INSERT INTO inbox (source, event_id, id, queue, type, about, state, reason, correlation_id, occurred_at, due_at,
                           settled_at)
        VALUES (%(source)s, %(event_id)s, %(id)s, %(queue)s, %(type)s, %(about)s, %(state)s, %(reason)s,
                %(correlation_id)s, %(occurred_at)s, now() + %(first_retry)s,
                CASE WHEN %(state)s <> 'received' THEN now() END)
        ON CONFLICT (source, event_id)
        DO UPDATE SET state = 'received', reason = NULL, settled_at = NULL, about = excluded.about,
                      due_at = excluded.due_at, correlation_id = excluded.correlation_id
        WHERE inbox.state = 'ignored' AND inbox.attempts = 0 AND excluded.state = 'received'
        RETURNING id
        """,
        {
            "source": event.source,
            "event_id": event.event_id,
            "id": row_id,
            "queue": event.queue,
            "type": event.type,
            "about": Jsonb(event.about),
            "state": event.state,
            "reason": event.reason,
            "correlation_id": correlation_id,
            "occurred_at": event.occurred_at,
            "first_retry": first_retry,
        },
    ).fetchone()
    return None if kept is None else kept[0]


def take(tx: Transaction, row_id: UUID, *, first_retry: timedelta, last_retry: timedelta) -> Event | None:
    """Count an attempt and put the next one off; None when the event is settled, or unknown."""
    with tx.cursor(row_factory=class_row(Event)) as cursor:
        return cursor.execute(
            """
            UPDATE inbox
            SET attempts = attempts + 1,
                due_at = now() + least(%(first_retry)s * power(2, least(attempts, 20)), %(last_retry)s)
            WHERE id = %(id)s AND state = 'received'
            RETURNING id, source, event_id, queue, type, about, state, reason, attempts, correlation_id, occurred_at,
                      received_at, settled_at
            """,
            {"id": row_id, "first_retry": first_retry, "last_retry": last_retry},
        ).fetchone()


def settle(tx: Transaction, row_id: UUID, state: EventState, reason: str | None) -> None:
    """Write what became of a received event."""
    tx.execute(
        """
        UPDATE inbox
        SET state = %(state)s, reason = %(reason)s, settled_at = now()
        WHERE id = %(id)s AND state = 'received'
        """,
        {"id": row_id, "state": state, "reason": reason},
    )


def reopen(tx: Transaction, row_id: UUID, *, first_retry: timedelta) -> Event | None:
    """Bring an event back to received, with a fresh count of attempts; None when it is unknown."""
    with tx.cursor(row_factory=class_row(Event)) as cursor:
        return cursor.execute(
            """
            UPDATE inbox
            SET state = 'received', reason = NULL, attempts = 0, settled_at = NULL, due_at = now() + %(first_retry)s
            WHERE id = %(id)s
            RETURNING id, source, event_id, queue, type, about, state, reason, attempts, correlation_id, occurred_at,
                      received_at, settled_at
            """,
            {"id": row_id, "first_retry": first_retry},
        ).fetchone()


def take_due(tx: Transaction, *, put_off: timedelta, limit: int) -> Sequence[Event]:
    """Received events whose time has come; they are not due again before `put_off` has passed."""
    with tx.cursor(row_factory=class_row(Event)) as cursor:
        return cursor.execute(
            """
            UPDATE inbox i
            SET due_at = now() + %(put_off)s
            FROM (
              SELECT id
              FROM inbox
              WHERE state = 'received' AND due_at < now()
              ORDER BY due_at
              LIMIT %(limit)s
              FOR UPDATE SKIP LOCKED
            ) due
            WHERE i.id = due.id
            RETURNING i.id, i.source, i.event_id, i.queue, i.type, i.about, i.state, i.reason, i.attempts,
                      i.correlation_id, i.occurred_at, i.received_at, i.settled_at
            """,
            {"put_off": put_off, "limit": limit},
        ).fetchall()


def events(
    tx: Transaction, wanted: EventFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Event]:
    """Events of one source, newest first, after the given position."""
    parameters: dict[str, Any] = {
        "source": wanted.source,
        "state": wanted.state,
        "type": wanted.type,
        "before_at": before[0] if before else None,
        "before_id": before[1] if before else None,
        "limit": limit,
    }
    with tx.cursor(row_factory=class_row(Event)) as cursor:
        return cursor.execute(
            """
            SELECT id, source, event_id, queue, type, about, state, reason, attempts, correlation_id, occurred_at,
                   received_at, settled_at
            FROM inbox
            WHERE source = %(source)s
              AND (%(state)s::text IS NULL OR state = %(state)s)
              AND (%(type)s::text IS NULL OR type = %(type)s)
              AND (%(before_at)s::timestamptz IS NULL OR (received_at, id) < (%(before_at)s, %(before_id)s::uuid))
            ORDER BY received_at DESC, id DESC
            LIMIT %(limit)s
            """,
            parameters,
        ).fetchall()


def delete_settled(tx: Transaction, *, older_than: timedelta, limit: int) -> int:
    """Forget events settled long ago, so many at once; returns how many. Needs the system role."""
    return tx.execute(
        """
        DELETE FROM inbox
        WHERE id IN (
          SELECT id
          FROM inbox
          WHERE settled_at < now() - %(older_than)s
          ORDER BY settled_at
          LIMIT %(limit)s
        )
        """,
        {"older_than": older_than, "limit": limit},
    ).rowcount


def received(tx: Transaction) -> Backlog:
    """Events that wait to be settled."""
    with tx.cursor(row_factory=class_row(Backlog)) as cursor:
        found = cursor.execute(
            """
            SELECT count(*) AS count, extract(epoch FROM now() - min(received_at))::float AS oldest_seconds
            FROM inbox
            WHERE state = 'received'
            """
        ).fetchone()
    return found or Backlog(count=0, oldest_seconds=None)

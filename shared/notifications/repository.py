"""SQL of notifications and their deliveries."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from shared.db.connection import Transaction
from shared.ids import SessionId, UserId
from shared.notifications.model import Notification, NotificationState, PushKind, Settlement, Verdict


def insert(
    tx: Transaction,
    user_id: UserId,
    notification_id: UUID,
    *,
    kind: PushKind,
    ref: str,
    session_id: SessionId | None,
    settlement: Settlement,
) -> bool:
    """Write what there is to tell; False when the user is told that already."""
    inserted = tx.execute(
        """
        INSERT INTO notifications (user_id, id, kind, ref, session_id, state, reason)
        VALUES (%(user_id)s, %(id)s, %(kind)s, %(ref)s, %(session_id)s, %(state)s, %(reason)s)
        ON CONFLICT (user_id, kind, ref) DO NOTHING
        """,
        {
            "user_id": user_id,
            "id": notification_id,
            "kind": kind,
            "ref": ref,
            "session_id": session_id,
            "state": settlement.state,
            "reason": settlement.reason,
        },
    )
    return inserted.rowcount == 1


def claim(
    tx: Transaction, user_id: UserId, notification_id: UUID, *, lease: timedelta, stale_after: timedelta
) -> Notification | None:
    """Take a pending notification that is due; None when it is settled, gone, not due, or another's."""
    row = tx.execute(
        """
        UPDATE notifications
        SET attempts = attempts + 1,
            due_at = now() + %(lease)s
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'pending' AND due_at <= now()
        RETURNING kind, session_id, attempts, created_at < now() - %(stale_after)s
        """,
        {"user_id": user_id, "id": notification_id, "lease": lease, "stale_after": stale_after},
    ).fetchone()
    if row is None:
        return None
    kind, session_id, attempts, is_stale = row
    return Notification(
        id=notification_id,
        user_id=user_id,
        kind=PushKind(kind),
        session_id=session_id,
        attempts=attempts,
        is_stale=is_stale,
    )


def seconds_until_due(tx: Transaction, user_id: UserId, notification_id: UUID) -> int | None:
    """How long a pending notification is not to be touched, 1 at least; None when it is settled or gone."""
    row = tx.execute(
        """
        SELECT greatest(1, ceil(extract(epoch FROM due_at - now())))::integer
        FROM notifications
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'pending'
        """,
        {"user_id": user_id, "id": notification_id},
    ).fetchone()
    return None if row is None else row[0]


def settle(tx: Transaction, notification: Notification, settlement: Settlement) -> bool:
    """Write where it stands; False, and nothing, when another claim came after this one."""
    settled = tx.execute(
        """
        UPDATE notifications
        SET state = %(state)s,
            reason = %(reason)s,
            due_at = now() + make_interval(secs => %(wait_seconds)s),
            sent_at = CASE WHEN %(state)s = 'sent' THEN now() END
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'pending' AND attempts = %(attempts)s
        """,
        {
            "user_id": notification.user_id,
            "id": notification.id,
            "attempts": notification.attempts,
            "state": settlement.state,
            "reason": settlement.reason,
            "wait_seconds": settlement.wait_seconds or 0,
        },
    )
    return settled.rowcount == 1


def give_up(tx: Transaction, user_id: UserId, notification_id: UUID, *, reason: str) -> None:
    """Fail a pending notification, whoever holds it."""
    tx.execute(
        """
        UPDATE notifications
        SET state = %(state)s,
            reason = %(reason)s
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'pending'
        """,
        {"user_id": user_id, "id": notification_id, "state": NotificationState.FAILED, "reason": reason},
    )


def insert_deliveries(tx: Transaction, notification: Notification, verdicts: Mapping[UUID, Verdict]) -> None:
    """Remember what became of it on these devices; what was known before stays."""
    tx.execute(
        """
        INSERT INTO push_deliveries (user_id, notification_id, device_id, verdict)
        SELECT %(user_id)s, %(notification_id)s, new.device_id, new.verdict
        FROM unnest(%(device_ids)s::uuid[], %(verdicts)s::text[]) AS new (device_id, verdict)
        ON CONFLICT (user_id, notification_id, device_id) DO NOTHING
        """,
        {
            "user_id": notification.user_id,
            "notification_id": notification.id,
            "device_ids": list(verdicts),
            "verdicts": list(verdicts.values()),
        },
    )


def deliveries(tx: Transaction, notification: Notification) -> dict[UUID, Verdict]:
    """What became of it so far, by device."""
    rows = tx.execute(
        """
        SELECT device_id, verdict
        FROM push_deliveries
        WHERE user_id = %(user_id)s AND notification_id = %(id)s
        """,
        {"user_id": notification.user_id, "id": notification.id},
    )
    return {device_id: Verdict(verdict) for device_id, verdict in rows.fetchall()}


def unheard(tx: Transaction, *, silent_for: timedelta, limit: int) -> list[tuple[UserId, UUID]]:
    """(user, notification) of any tenant that was due so long ago that its message is lost; needs the system role."""
    rows = tx.execute(
        """
        SELECT user_id, id
        FROM notifications
        WHERE state = 'pending' AND due_at < now() - %(silent_for)s
        ORDER BY due_at
        LIMIT %(limit)s
        """,
        {"silent_for": silent_for, "limit": limit},
    )
    return rows.fetchall()


def make_due(tx: Transaction, user_id: UserId, notification_id: UUID) -> None:
    """It is announced again now, so it is due now."""
    tx.execute(
        """
        UPDATE notifications
        SET due_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'pending' AND due_at < now()
        """,
        {"user_id": user_id, "id": notification_id},
    )

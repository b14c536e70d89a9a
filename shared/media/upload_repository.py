"""SQL of uploads under way, and of what in the bucket is anybody's."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from psycopg.rows import class_row, kwargs_row

from shared.db.connection import Transaction
from shared.ids import MediaId, SessionId, UserId
from shared.media.model import BucketRound, PendingUpload
from shared.media.repository import MEDIA_COLUMNS, media_of_row

_PENDING = f"{MEDIA_COLUMNS}, u.upload_id, u.part_sha256"


def _pending(*, upload_id: str | None, part_sha256: list[str] | None, **row: Any) -> PendingUpload:
    digests = None if part_sha256 is None else tuple(part_sha256)
    return PendingUpload(media=media_of_row(**row), upload_id=upload_id, part_sha256=digests)


def permit(tx: Transaction, user_id: UserId, media_id: MediaId, part_sha256: Sequence[str] | None) -> None:
    """The permission begins anew; digests stated earlier stay."""
    tx.execute(
        """
        INSERT INTO media_uploads (user_id, media_id, part_sha256)
        VALUES (%(user_id)s, %(media_id)s, %(part_sha256)s)
        ON CONFLICT (user_id, media_id) DO UPDATE SET permitted_at = now()
        """,
        {
            "user_id": user_id,
            "media_id": media_id,
            "part_sha256": None if part_sha256 is None else list(part_sha256),
        },
    )


def unfinished_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[tuple[str, str]]:
    """(object_key, upload_id) of the session's pending files that arrive in parts."""
    return tx.execute(
        """
        SELECT m.object_key, u.upload_id
        FROM media_files m
        JOIN media_uploads u ON u.user_id = m.user_id AND u.media_id = m.id
        WHERE m.user_id = %(user_id)s
          AND m.session_id = %(session_id)s
          AND m.status <> 'uploaded'
          AND u.upload_id IS NOT NULL
        """,
        {"user_id": user_id, "session_id": session_id},
    ).fetchall()


def find(tx: Transaction, user_id: UserId, media_id: MediaId) -> PendingUpload | None:
    """One file and how it is to arrive."""
    with tx.cursor(row_factory=kwargs_row(_pending)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_PENDING}
            FROM media_files m
            LEFT JOIN media_uploads u ON u.user_id = m.user_id AND u.media_id = m.id
            WHERE m.user_id = %(user_id)s AND m.id = %(id)s
            """,
            {"user_id": user_id, "id": media_id},
        ).fetchone()


def replace_upload_id(
    tx: Transaction, user_id: UserId, media_id: MediaId, *, known: str | None, upload_id: str | None
) -> bool:
    """Name another upload of the store; False when somebody named one since `known` was read."""
    updated = tx.execute(
        """
        UPDATE media_uploads
        SET upload_id = %(upload_id)s
        WHERE user_id = %(user_id)s AND media_id = %(media_id)s AND upload_id IS NOT DISTINCT FROM %(known)s
        """,
        {"user_id": user_id, "media_id": media_id, "known": known, "upload_id": upload_id},
    )
    return updated.rowcount == 1


def expire(tx: Transaction, user_id: UserId, media_id: MediaId, *, age: timedelta) -> bool:
    """pending -> rejected, unless the permission was renewed meanwhile; False when nothing was changed."""
    updated = tx.execute(
        """
        UPDATE media_files m
        SET status = 'rejected', reason = 'expired'
        WHERE m.user_id = %(user_id)s
          AND m.id = %(id)s
          AND m.status = 'pending'
          AND NOT EXISTS (
            SELECT FROM media_uploads u
            WHERE u.user_id = m.user_id AND u.media_id = m.id AND u.permitted_at > now() - %(age)s
          )
        """,
        {"user_id": user_id, "id": media_id, "age": age},
    )
    return updated.rowcount == 1


def revive(tx: Transaction, user_id: UserId, media_id: MediaId) -> None:
    """expired -> pending: the phone is back."""
    tx.execute(
        """
        UPDATE media_files
        SET status = 'pending', reason = NULL
        WHERE user_id = %(user_id)s AND id = %(id)s AND status = 'rejected' AND reason = 'expired'
        """,
        {"user_id": user_id, "id": media_id},
    )


def pending_between(
    tx: Transaction, *, older_than: timedelta, younger_than: timedelta | None, limit: int
) -> list[PendingUpload]:
    """Pending files of any user by the age of their last permission, some of them at random. System role."""
    with tx.cursor(row_factory=kwargs_row(_pending)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_PENDING}
            FROM media_files m
            LEFT JOIN media_uploads u ON u.user_id = m.user_id AND u.media_id = m.id
            WHERE m.status = 'pending'
              AND m.created_at < now() - %(older_than)s
              AND coalesce(u.permitted_at, m.created_at) < now() - %(older_than)s
              AND (%(younger_than)s::interval IS NULL
                OR coalesce(u.permitted_at, m.created_at) > now() - %(younger_than)s::interval)
            ORDER BY random()
            LIMIT %(limit)s
            """,
            {"older_than": older_than, "younger_than": younger_than, "limit": limit},
        ).fetchall()


def owned_keys(tx: Transaction, object_keys: Sequence[str]) -> set[str]:
    """Those of the keys that a row of any user names: a file's in any state, a ZIP's while it is of use. System."""
    rows = tx.execute(
        """
        SELECT object_key FROM media_files WHERE object_key = ANY(%(keys)s)
        UNION ALL
        SELECT object_key FROM media_parts WHERE object_key = ANY(%(keys)s)
        UNION ALL
        SELECT object_key
        FROM transfers
        WHERE object_key = ANY(%(keys)s) AND state IN ('waiting', 'pending', 'running', 'ready')
        """,
        {"keys": list(object_keys)},
    ).fetchall()
    return {row[0] for row in rows}


def wanted_uploads(tx: Transaction, upload_ids: Sequence[str]) -> set[str]:
    """Those of the store's uploads by which a pending file of any user is to arrive. System role."""
    rows = tx.execute(
        """
        SELECT u.upload_id
        FROM media_uploads u
        JOIN media_files m ON m.user_id = u.user_id AND m.id = u.media_id AND m.status = 'pending'
        WHERE u.upload_id = ANY(%(upload_ids)s)
        """,
        {"upload_ids": list(upload_ids)},
    ).fetchall()
    return {row[0] for row in rows}


def due_round(tx: Transaction) -> BucketRound | None:
    """The round whose next page is longest due. System role."""
    with tx.cursor(row_factory=class_row(BucketRound)) as cursor:
        return cursor.execute(
            """
            SELECT name, after, now() AS asked_at
            FROM bucket_rounds
            WHERE due_at <= now()
            ORDER BY due_at, name
            LIMIT 1
            """
        ).fetchone()


def move_round(tx: Transaction, name: str, *, after: str | None, rests_for: timedelta) -> None:
    """Where the round goes on, and not before when. System role."""
    tx.execute(
        "UPDATE bucket_rounds SET after = %(after)s, due_at = now() + %(rests_for)s WHERE name = %(name)s",
        {"name": name, "after": after, "rests_for": rests_for},
    )

"""SQL of media files."""

from collections.abc import Sequence
from typing import Any, LiteralString

from psycopg.rows import class_row, kwargs_row

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.db.selection import Selection
from shared.ids import MediaId, SessionId, UserId
from shared.media.model import MediaFile, MediaStatus, MediaType

MEDIA_COLUMNS: LiteralString = """
  m.id, m.user_id, m.session_id, m.type, m.object_key, m.content_type, m.size_bytes, m.sha256, m.status, m.reason,
  m.etag, m.duration_ms, m.speech_ms, m.created_at, m.uploaded_at
"""


def media_of_row(**row: Any) -> MediaFile:
    """A file, of `MEDIA_COLUMNS`."""
    row["type"] = MediaType(row["type"])
    row["status"] = MediaStatus(row["status"])
    return MediaFile(**row)


def insert(
    tx: Transaction,
    user_id: UserId,
    media_id: MediaId,
    session_id: SessionId,
    *,
    media_type: MediaType,
    object_key: str,
    content_type: str,
    size_bytes: int,
    sha256: str | None,
) -> MediaFile | None:
    """Declare a file that is about to be uploaded; None when the user has one of that id."""
    with tx.cursor(row_factory=kwargs_row(media_of_row)) as cursor:
        return cursor.execute(
            f"""
            INSERT INTO media_files AS m (user_id, id, session_id, type, object_key, content_type, size_bytes, sha256)
            VALUES (%(user_id)s, %(id)s, %(session_id)s, %(type)s, %(object_key)s, %(content_type)s, %(size_bytes)s,
                    %(sha256)s)
            ON CONFLICT (user_id, id) DO NOTHING
            RETURNING {MEDIA_COLUMNS}
            """,
            {
                "user_id": user_id,
                "id": media_id,
                "session_id": session_id,
                "type": media_type,
                "object_key": object_key,
                "content_type": content_type,
                "size_bytes": size_bytes,
                "sha256": sha256,
            },
        ).fetchone()


def find(tx: Transaction, user_id: UserId, media_id: MediaId) -> MediaFile | None:
    """One file."""
    with tx.cursor(row_factory=kwargs_row(media_of_row)) as cursor:
        return cursor.execute(
            f"SELECT {MEDIA_COLUMNS} FROM media_files m WHERE m.user_id = %(user_id)s AND m.id = %(id)s",
            {"user_id": user_id, "id": media_id},
        ).fetchone()


def find_all(tx: Transaction, user_id: UserId, media_ids: Sequence[MediaId]) -> list[MediaFile]:
    """Those of these files that the user has, in no order."""
    with tx.cursor(row_factory=kwargs_row(media_of_row)) as cursor:
        return cursor.execute(
            f"SELECT {MEDIA_COLUMNS} FROM media_files m WHERE m.user_id = %(user_id)s AND m.id = ANY (%(ids)s)",
            {"user_id": user_id, "ids": list(media_ids)},
        ).fetchall()


def of_session(user_id: UserId, session_id: SessionId) -> Selection[MediaFile]:
    """The files of a session, in the order they were declared."""
    return Selection(
        statement=f"""
            SELECT {MEDIA_COLUMNS}
            FROM media_files m
            WHERE m.user_id = %(user_id)s AND m.session_id = %(session_id)s
            ORDER BY m.created_at, m.id
            """,
        values={"user_id": user_id, "session_id": session_id},
        row=media_of_row,
    )


def owner_of_object(tx: Transaction, object_key: str) -> tuple[UserId, MediaId] | None:
    """Whose upload that key is, by our own row; asked before any tenant is set."""
    row = tx.execute("SELECT user_id, media_id FROM owner_of_object(%s)", [object_key]).fetchone()
    return None if row is None else (UserId(row[0]), MediaId(row[1]))


def settle_upload(
    tx: Transaction, user_id: UserId, media_id: MediaId, *, status: MediaStatus, reason: str | None, etag: str
) -> bool:
    """pending or expired -> uploaded | rejected, pinning the bytes; False when it was settled before."""
    updated = tx.execute(
        """
        UPDATE media_files
        SET status = %(status)s, reason = %(reason)s, etag = %(etag)s, uploaded_at = now()
        WHERE user_id = %(user_id)s
          AND id = %(id)s
          AND (status = 'pending' OR (status = 'rejected' AND reason = 'expired'))
        """,
        {"user_id": user_id, "id": media_id, "status": status, "reason": reason, "etag": etag},
    )
    return updated.rowcount == 1


def reject(tx: Transaction, user_id: UserId, media_id: MediaId, reason: str) -> None:
    """Mark a file as unusable, with the reason the app shows."""
    tx.execute(
        "UPDATE media_files SET status = 'rejected', reason = %(reason)s WHERE user_id = %(user_id)s AND id = %(id)s",
        {"user_id": user_id, "id": media_id, "reason": reason},
    )


def reconsider(tx: Transaction, user_id: UserId, media_id: MediaId, *, not_if: Sequence[str]) -> None:
    """rejected -> uploaded, unless for one of these reasons, or without bytes."""
    tx.execute(
        """
        UPDATE media_files
        SET status = 'uploaded', reason = NULL
        WHERE user_id = %(user_id)s AND id = %(id)s
          AND status = 'rejected' AND etag IS NOT NULL AND reason <> ALL(%(not_if)s)
        """,
        {"user_id": user_id, "id": media_id, "not_if": list(not_if)},
    )


def set_duration(tx: Transaction, user_id: UserId, media_id: MediaId, *, duration_ms: int, speech_ms: int) -> None:
    """Keep what was measured."""
    tx.execute(
        """
        UPDATE media_files
        SET duration_ms = %(duration_ms)s, speech_ms = %(speech_ms)s
        WHERE user_id = %(user_id)s AND id = %(id)s
        """,
        {"user_id": user_id, "id": media_id, "duration_ms": duration_ms, "speech_ms": speech_ms},
    )


def pending(tx: Transaction) -> Backlog:
    """Files of any user that wait for their object. System role."""
    with tx.cursor(row_factory=class_row(Backlog)) as cursor:
        found = cursor.execute(
            """
            SELECT count(*) AS count, extract(epoch FROM now() - min(created_at))::float AS oldest_seconds
            FROM media_files
            WHERE status = 'pending'
            """
        ).fetchone()
    return found or Backlog(count=0, oldest_seconds=None)

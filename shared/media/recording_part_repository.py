"""SQL of the parts of long recordings."""

from collections.abc import Sequence
from typing import Any

from psycopg.rows import kwargs_row
from psycopg.types.json import Jsonb

from shared.ai.capabilities import Segment, Word
from shared.db.connection import Transaction
from shared.ids import MediaId, SessionId, UserId
from shared.media.recording_part import RecordingPart, Stretch


def _part(**row: Any) -> RecordingPart:
    row["stretches"] = tuple(Stretch(**stretch) for stretch in row["stretches"])
    row["segments"] = None if row["segments"] is None else tuple(map(_segment, row["segments"]))
    return RecordingPart(**row)


def _segment(kept: dict[str, Any]) -> Segment:
    words = tuple(Word(**word) for word in kept["words"])
    return Segment(start_ms=kept["start_ms"], end_ms=kept["end_ms"], text=kept["text"], words=words)


def insert(tx: Transaction, part: RecordingPart) -> None:
    """Keep a part that is not transcribed yet."""
    tx.execute(
        """
        INSERT INTO media_parts (user_id, media_id, part_index, session_id, start_ms, end_ms, object_key, stretches)
        VALUES (%(user_id)s, %(media_id)s, %(index)s, %(session_id)s, %(start_ms)s, %(end_ms)s, %(object_key)s,
                %(stretches)s)
        """,
        {
            "user_id": part.user_id,
            "media_id": part.media_id,
            "index": part.index,
            "session_id": part.session_id,
            "start_ms": part.start_ms,
            "end_ms": part.end_ms,
            "object_key": part.object_key,
            "stretches": Jsonb([{"start_ms": s.start_ms, "end_ms": s.end_ms} for s in part.stretches]),
        },
    )


def of_media(tx: Transaction, user_id: UserId, media_id: MediaId) -> list[RecordingPart]:
    """The parts of one recording, in order."""
    with tx.cursor(row_factory=kwargs_row(_part)) as cursor:
        return cursor.execute(
            """
            SELECT user_id, media_id, session_id, part_index AS index, stretches, object_key, segments, provider
            FROM media_parts
            WHERE user_id = %(user_id)s AND media_id = %(media_id)s
            ORDER BY part_index
            """,
            {"user_id": user_id, "media_id": media_id},
        ).fetchall()


def keys_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[str]:
    """The objects of all parts of a session's recordings."""
    rows = tx.execute(
        "SELECT object_key FROM media_parts WHERE user_id = %(user_id)s AND session_id = %(session_id)s",
        {"user_id": user_id, "session_id": session_id},
    ).fetchall()
    return [row[0] for row in rows]


def set_heard(
    tx: Transaction, user_id: UserId, media_id: MediaId, index: int, *, segments: Sequence[Segment], provider: str
) -> None:
    """Keep what was heard in a part."""
    tx.execute(
        """
        UPDATE media_parts
        SET segments = %(segments)s, provider = %(provider)s, transcribed_at = now()
        WHERE user_id = %(user_id)s AND media_id = %(media_id)s AND part_index = %(index)s
        """,
        {
            "user_id": user_id,
            "media_id": media_id,
            "index": index,
            "segments": Jsonb([_kept(segment) for segment in segments]),
            "provider": provider,
        },
    )


def delete_of_media(tx: Transaction, user_id: UserId, media_id: MediaId) -> list[str]:
    """Forget how a recording was cut; returns the objects of its parts."""
    rows = tx.execute(
        "DELETE FROM media_parts WHERE user_id = %(user_id)s AND media_id = %(media_id)s RETURNING object_key",
        {"user_id": user_id, "media_id": media_id},
    ).fetchall()
    return [row[0] for row in rows]


def _kept(segment: Segment) -> dict[str, Any]:
    words = [{"start_ms": word.start_ms, "end_ms": word.end_ms, "text": word.text} for word in segment.words]
    return {"start_ms": segment.start_ms, "end_ms": segment.end_ms, "text": segment.text, "words": words}

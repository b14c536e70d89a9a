"""Users with sessions to finalize, put into the database straight: a recording, a picture and a marker each."""

from dataclasses import dataclass
from uuid import UUID

import psycopg

from shared.ids import new_id

USERS = 20
_CREDITS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Captured:
    """An open session, and the Firebase uid of whose it is."""

    firebase_uid: str
    session_id: UUID


def add_users(owner: psycopg.Connection, prefix: str) -> list[str]:
    """USERS users who can pay; their Firebase uids."""
    uids = [f"{prefix}-{number}" for number in range(USERS)]
    owner.execute(
        """
        INSERT INTO users (id, firebase_uid, email, credits)
        SELECT uuidv7(), uid, uid || '@example.org', %(credits)s
        FROM unnest(%(uids)s::text[]) AS uid
        """,
        {"uids": uids, "credits": _CREDITS},
    )
    return uids


def add_sessions(owner: psycopg.Connection, uids: list[str], count: int) -> list[Captured]:
    """Open sessions, whose files have arrived."""
    added = [Captured(firebase_uid=uids[number % len(uids)], session_id=new_id()) for number in range(count)]
    ids = [one.session_id for one in added]
    owner.execute(
        """
        INSERT INTO sessions (user_id, id, session_type, language, title)
        SELECT u.id, new.id, 'mixed', 'en', 'A walk'
        FROM unnest(%(ids)s::uuid[], %(uids)s::text[]) AS new (id, uid)
        JOIN users u ON u.firebase_uid = new.uid
        """,
        {"ids": ids, "uids": [one.firebase_uid for one in added]},
    )
    owner.execute(
        """
        INSERT INTO media_files
          (user_id, id, session_id, type, object_key, content_type, size_bytes, status, etag, uploaded_at)
        SELECT s.user_id, uuidv7(), s.id, kind.type, 'bench/' || uuidv7(), kind.content_type, 250000, 'uploaded', 'e',
               now()
        FROM sessions s
        CROSS JOIN (VALUES ('audio', 'audio/ogg'), ('image', 'image/jpeg')) AS kind (type, content_type)
        WHERE s.id = ANY(%(ids)s)
        """,
        {"ids": ids},
    )
    owner.execute(
        """
        INSERT INTO session_blocks (user_id, id, session_id, block_type, media_id, text_content, text_origin)
        SELECT user_id, uuidv7(), session_id, CASE type WHEN 'audio' THEN 'voice' ELSE 'image' END, id, NULL, NULL
        FROM media_files
        WHERE session_id = ANY(%(ids)s)
        UNION ALL
        SELECT user_id, uuidv7(), id, 'marker', NULL, 'Ask about the boat.', 'user'
        FROM sessions
        WHERE id = ANY(%(ids)s)
        """,
        {"ids": ids},
    )
    return added


def add_texts(owner: psycopg.Connection) -> None:
    """What was read in every file: a sentence of a picture, five stretches of a recording."""
    owner.execute(
        """
        UPDATE session_blocks
        SET text_content = repeat('We walked along the harbour and spoke about the boat. ', 5),
            text_origin = 'local',
            segments = CASE block_type WHEN 'voice' THEN (
              SELECT jsonb_agg(jsonb_build_object('start_ms', n * 4000, 'end_ms', n * 4000 + 3900, 'text',
                               'We walked along the harbour and spoke about the boat.'))
              FROM generate_series(0, 4) AS n) END
        WHERE media_id IS NOT NULL
        """
    )

"""SQL of exports and imports themselves; that of what they carry is in the other repositories of the room."""

from datetime import timedelta
from typing import Any

from psycopg.rows import kwargs_row
from psycopg.types.json import Jsonb

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.takeout.model import LEASE, Transfer, TransferId, TransferKind, TransferState, WrittenObject

_TRANSFER = """
  t.id, t.user_id, t.kind, t.state, t.object_key, t.size_bytes, t.sha256, t.etag, t.counts, t.reason, t.attempts,
  t.created_at, t.finished_at, t.expires_at
"""


def _transfer(**row: Any) -> Transfer:
    row["kind"], row["state"] = TransferKind(row["kind"]), TransferState(row["state"])
    return Transfer(**row)


def insert(
    tx: Transaction,
    user_id: UserId,
    transfer_id: TransferId,
    *,
    kind: TransferKind,
    state: TransferState,
    upload: WrittenObject | None = None,
    object_key: str | None = None,
    expires_in: timedelta | None = None,
) -> Transfer | None:
    """Begin one; None when one of its kind is under way. `upload` is what an import's file was declared as."""
    with tx.cursor(row_factory=kwargs_row(_transfer)) as cursor:
        return cursor.execute(
            f"""
            INSERT INTO transfers AS t (user_id, id, kind, state, object_key, size_bytes, sha256, expires_at)
            VALUES (%(user_id)s, %(id)s, %(kind)s, %(state)s, %(object_key)s, %(size_bytes)s, %(sha256)s,
                    now() + %(expires_in)s)
            ON CONFLICT (user_id, kind) WHERE state IN ('waiting', 'pending', 'running') DO NOTHING
            RETURNING {_TRANSFER}
            """,
            {
                "user_id": user_id,
                "id": transfer_id,
                "kind": kind,
                "state": state,
                "object_key": object_key,
                "size_bytes": None if upload is None else upload.size_bytes,
                "sha256": None if upload is None else upload.sha256,
                "expires_in": expires_in,
            },
        ).fetchone()


def newest(tx: Transaction, user_id: UserId, kind: TransferKind, *, lately: timedelta) -> tuple[Transfer, bool] | None:
    """The newest of a kind, and whether it ended within `lately`."""
    with tx.cursor() as cursor:
        row = cursor.execute(
            """
            SELECT id, coalesce(finished_at > now() - %(lately)s, false)
            FROM transfers
            WHERE user_id = %(user_id)s AND kind = %(kind)s
            ORDER BY created_at DESC, id DESC
            LIMIT 1
            """,
            {"user_id": user_id, "kind": kind, "lately": lately},
        ).fetchone()
    found = None if row is None else find(tx, user_id, row[0])
    return None if row is None or found is None else (found, row[1])


def find(tx: Transaction, user_id: UserId, transfer_id: TransferId, *, is_locked: bool = False) -> Transfer | None:
    """One export or import; with `is_locked`, nobody else changes it until the transaction ends."""
    with tx.cursor(row_factory=kwargs_row(_transfer)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_TRANSFER}
            FROM transfers t
            WHERE t.user_id = %(user_id)s AND t.id = %(id)s
            {"FOR UPDATE" if is_locked else ""}
            """,
            {"user_id": user_id, "id": transfer_id},
        ).fetchone()


def claim(tx: Transaction, user_id: UserId, transfer_id: TransferId, *, object_key: str | None) -> Transfer | None:
    """Take one that is pending, or whose worker's lease ran out; None when it is not to be had.

    `object_key` is where this try writes to; None leaves it.
    """
    with tx.cursor(row_factory=kwargs_row(_transfer)) as cursor:
        return cursor.execute(
            f"""
            UPDATE transfers t
            SET state = 'running',
                attempts = t.attempts + 1,
                lease_until = now() + %(lease)s,
                object_key = coalesce(%(object_key)s, t.object_key)
            WHERE t.user_id = %(user_id)s AND t.id = %(id)s
              AND (t.state = 'pending' OR (t.state = 'running' AND t.lease_until < now()))
            RETURNING {_TRANSFER}
            """,
            {"user_id": user_id, "id": transfer_id, "lease": LEASE, "object_key": object_key},
        ).fetchone()


def keep(tx: Transaction, held: Transfer, counts: dict[str, int], *, lease: timedelta) -> bool:
    """Renew the lease and say how far it is; False when it is not ours any more."""
    updated = tx.execute(
        """
        UPDATE transfers
        SET lease_until = now() + %(lease)s, counts = %(counts)s
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'running' AND attempts = %(attempts)s
        """,
        {
            "user_id": held.user_id,
            "id": held.id,
            "attempts": held.attempts,
            "lease": lease,
            "counts": Jsonb(counts),
        },
    )
    return updated.rowcount == 1


def leave(
    tx: Transaction,
    held: Transfer,
    state: TransferState,
    *,
    counts: dict[str, int],
    reason: str | None = None,
    written: WrittenObject | None = None,
    expires_in: timedelta | None = None,
) -> bool:
    """Move a claimed one on; False when it is not ours any more. One that is pending again has its message still."""
    updated = tx.execute(
        """
        UPDATE transfers
        SET state = %(state)s,
            counts = %(counts)s,
            reason = %(reason)s,
            size_bytes = coalesce(%(size_bytes)s, size_bytes),
            sha256 = coalesce(%(sha256)s, sha256),
            lease_until = NULL,
            announced_at = now(),
            finished_at = CASE WHEN %(state)s <> 'pending' THEN now() END,
            expires_at = now() + %(expires_in)s
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'running' AND attempts = %(attempts)s
        """,
        {
            "user_id": held.user_id,
            "id": held.id,
            "attempts": held.attempts,
            "state": state,
            "counts": Jsonb(counts),
            "reason": reason,
            "size_bytes": None if written is None else written.size_bytes,
            "sha256": None if written is None else written.sha256,
            "expires_in": expires_in,
        },
    )
    return updated.rowcount == 1


def start_import(tx: Transaction, user_id: UserId, transfer_id: TransferId, *, etag: str) -> bool:
    """waiting -> pending: its file is there. False when it was not waiting."""
    updated = tx.execute(
        """
        UPDATE transfers
        SET state = 'pending', etag = %(etag)s, announced_at = now(), expires_at = NULL
        WHERE user_id = %(user_id)s AND id = %(id)s AND kind = 'import' AND state = 'waiting'
        """,
        {"user_id": user_id, "id": transfer_id, "etag": etag},
    )
    return updated.rowcount == 1


def end(tx: Transaction, user_id: UserId, transfer_id: TransferId, state: TransferState, *, reason: str | None) -> None:
    """Whoever has it, and wherever it stands."""
    tx.execute(
        """
        UPDATE transfers
        SET state = %(state)s,
            reason = coalesce(%(reason)s, reason),
            lease_until = NULL,
            finished_at = coalesce(finished_at, now()),
            expires_at = NULL
        WHERE user_id = %(user_id)s AND id = %(id)s
        """,
        {"user_id": user_id, "id": transfer_id, "state": state, "reason": reason},
    )


def earlier_exports(tx: Transaction, held: Transfer) -> list[Transfer]:
    """Finished exports of the same user that can be fetched still, but for this one."""
    with tx.cursor(row_factory=kwargs_row(_transfer)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_TRANSFER}
            FROM transfers t
            WHERE t.user_id = %(user_id)s AND t.kind = 'export' AND t.state = 'ready' AND t.id <> %(id)s
            """,
            {"user_id": held.user_id, "id": held.id},
        ).fetchall()


def unheard(tx: Transaction, *, silent_for: timedelta, limit: int) -> list[Transfer]:
    """Of any user: announced long ago and nobody is at it, or its worker's lease ran out. System role."""
    with tx.cursor(row_factory=kwargs_row(_transfer)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_TRANSFER}
            FROM transfers t
            WHERE (t.state = 'pending' AND t.announced_at < now() - %(silent_for)s)
               OR (t.state = 'running' AND t.lease_until < now() AND t.announced_at < t.lease_until)
               OR (t.state = 'running' AND t.lease_until < now() AND t.announced_at < now() - %(silent_for)s)
            ORDER BY t.announced_at, t.id
            LIMIT %(limit)s
            """,
            {"silent_for": silent_for, "limit": limit},
        ).fetchall()


def note_announced(tx: Transaction, user_id: UserId, transfer_id: TransferId) -> None:
    """A message says so again."""
    tx.execute(
        "UPDATE transfers SET announced_at = now() WHERE user_id = %(user_id)s AND id = %(id)s",
        {"user_id": user_id, "id": transfer_id},
    )


def overdue(tx: Transaction, *, limit: int) -> list[Transfer]:
    """Of any user: exports nobody may fetch any more, and imports whose file never came. System role."""
    with tx.cursor(row_factory=kwargs_row(_transfer)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_TRANSFER}
            FROM transfers t
            WHERE t.state IN ('waiting', 'ready') AND t.expires_at < now()
            ORDER BY t.expires_at, t.id
            LIMIT %(limit)s
            """,
            {"limit": limit},
        ).fetchall()

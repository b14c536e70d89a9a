"""SQL of deleted accounts and of deletions under way."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.ids import UserId
from shared.leaving.model import Deletion


def insert(tx: Transaction, user_id: UserId, certificate_id: UUID, *, uid_hash: bytes) -> bool:
    """The account is a deleted one from now on; False when it was."""
    inserted = tx.execute(
        """
        INSERT INTO deleted_accounts (uid_hash, account_id, id)
        VALUES (%(uid_hash)s, %(user_id)s, %(certificate_id)s)
        ON CONFLICT DO NOTHING
        """,
        {"uid_hash": uid_hash, "user_id": user_id, "certificate_id": certificate_id},
    )
    return inserted.rowcount == 1


def begin(tx: Transaction, user_id: UserId, *, firebase_uid: str, correlation_id: str, pause: timedelta) -> None:
    """Remember what is to be done, for whoever finds it unfinished after the pause."""
    tx.execute(
        """
        INSERT INTO deletions (account_id, firebase_uid, correlation_id, due_at)
        VALUES (%(user_id)s, %(firebase_uid)s, %(correlation_id)s, now() + %(pause)s)
        """,
        {"user_id": user_id, "firebase_uid": firebase_uid, "correlation_id": correlation_id, "pause": pause},
    )


def read(tx: Transaction, account_id: UserId, *, last_look_after: timedelta) -> Deletion | None:
    """How far it is; None when nobody asked for it."""
    with tx.cursor(row_factory=class_row(Deletion)) as cursor:
        return cursor.execute(
            """
            SELECT a.id, a.account_id, a.requested_at, a.finished_at, a.certificate AS counts, d.firebase_uid,
                   coalesce(d.customer_ids, '{}') AS customer_ids, coalesce(d.checkout_ids, '{}') AS checkout_ids,
                   coalesce(d.had_customer, false) AS had_customer,
                   d.customer_asked_at IS NOT NULL AS is_customer_sought,
                   coalesce(d.customer_asked_at > now() - %(last_look_after)s, false) AS is_customer_hidden,
                   d.erased, d.objects_at, d.customer_at, d.firebase_at,
                   a.requested_at < now() - %(last_look_after)s AS is_over,
                   (
                     SELECT count(*) FROM deletion_objects o WHERE o.account_id = a.account_id AND o.was_there
                   ) AS objects
            FROM deleted_accounts a
            LEFT JOIN deletions d ON d.account_id = a.account_id
            WHERE a.account_id = %(account_id)s
            """,
            {"account_id": account_id, "last_look_after": last_look_after},
        ).fetchone()


def be_patient(tx: Transaction, seconds: int) -> None:
    """The statements of this transaction may take so long: a large account has hundreds of thousands of rows."""
    tx.execute("SELECT set_config('statement_timeout', %(timeout)s, true)", {"timeout": f"{seconds}s"})


def erase(tx: Transaction, account_id: UserId) -> bool:
    """Delete every row of the account; False when that was done before."""
    row = tx.execute("SELECT erase_account(%(account_id)s)", {"account_id": account_id}).fetchone()
    return row is not None and row[0]


def objects(tx: Transaction, account_id: UserId, *, last_look_after: timedelta) -> list[tuple[str, str | None]]:
    """(object_key, upload_id) of all there may be: not seen gone, or seen when somebody could still upload."""
    return tx.execute(
        """
        SELECT o.object_key, o.upload_id
        FROM deletion_objects o
        JOIN deleted_accounts a ON a.account_id = o.account_id
        WHERE o.account_id = %(account_id)s
          AND (o.gone_at IS NULL
               OR (o.gone_at < a.requested_at + %(last_look_after)s
                   AND a.requested_at + %(last_look_after)s < now()))
        ORDER BY o.object_key
        """,
        {"account_id": account_id, "last_look_after": last_look_after},
    ).fetchall()


def note_there(tx: Transaction, account_id: UserId, object_keys: Sequence[str]) -> None:
    """These lie in the bucket, and are about to go."""
    tx.execute(
        """
        UPDATE deletion_objects
        SET was_there = true
        WHERE account_id = %(account_id)s AND object_key = ANY(%(object_keys)s)
        """,
        {"account_id": account_id, "object_keys": list(object_keys)},
    )


def note_gone(tx: Transaction, account_id: UserId, object_keys: Sequence[str]) -> None:
    """The bucket was just seen without these."""
    tx.execute(
        """
        UPDATE deletion_objects
        SET gone_at = now()
        WHERE account_id = %(account_id)s AND object_key = ANY(%(object_keys)s)
        """,
        {"account_id": account_id, "object_keys": list(object_keys)},
    )


def note_objects_gone(tx: Transaction, account_id: UserId) -> None:
    """The bucket holds nothing of theirs."""
    tx.execute("UPDATE deletions SET objects_at = now() WHERE account_id = %(id)s", {"id": account_id})


def note_customers(tx: Transaction, account_id: UserId, customer_ids: Sequence[str]) -> None:
    """The payment provider knows them as these too, and is about to forget them."""
    tx.execute(
        """
        UPDATE deletions
        SET had_customer = true, customer_ids = customer_ids || %(customer_ids)s
        WHERE account_id = %(account_id)s
        """,
        {"account_id": account_id, "customer_ids": list(customer_ids)},
    )


def note_customer_gone(tx: Transaction, account_id: UserId) -> None:
    """The payment provider knows them no more, nor do we know as whom it did."""
    tx.execute(
        """
        UPDATE deletions
        SET customer_at = now(), customer_ids = '{}', checkout_ids = '{}'
        WHERE account_id = %(id)s
        """,
        {"id": account_id},
    )


def note_firebase_gone(tx: Transaction, account_id: UserId) -> None:
    """Firebase knows them no more, nor do we know as whom it did."""
    tx.execute(
        "UPDATE deletions SET firebase_at = now(), firebase_uid = NULL WHERE account_id = %(id)s", {"id": account_id}
    )


def finish(tx: Transaction, account_id: UserId, counts: Mapping[str, Any], *, last_look_after: timedelta) -> bool:
    """Certify it, once; False when somebody else has. The last look is taken later."""
    finished = tx.execute(
        """
        UPDATE deleted_accounts
        SET certificate = %(counts)s, finished_at = now()
        WHERE account_id = %(id)s AND finished_at IS NULL
        """,
        {"id": account_id, "counts": Jsonb(dict(counts))},
    )
    tx.execute(
        """
        UPDATE deletions d
        SET due_at = a.requested_at + %(last_look_after)s
        FROM deleted_accounts a
        WHERE d.account_id = %(id)s AND a.account_id = d.account_id
        """,
        {"id": account_id, "last_look_after": last_look_after},
    )
    return finished.rowcount == 1


def put_off(tx: Transaction, account_id: UserId) -> None:
    """There is more to do than fitted: the sweep hands it over at once."""
    tx.execute("UPDATE deletions SET due_at = now(), attempts = 0 WHERE account_id = %(id)s", {"id": account_id})


def take_due(tx: Transaction, *, first_pause: timedelta, last_pause: timedelta, limit: int) -> list[tuple[UserId, str]]:
    """(account, correlation id) of deletions to go on with; each is then left alone for longer. System role."""
    return tx.execute(
        """
        UPDATE deletions d
        SET attempts = d.attempts + 1,
            due_at = now() + least(%(last_pause)s, %(first_pause)s * power(2, least(d.attempts, 20)))
        FROM (
          SELECT account_id
          FROM deletions
          WHERE due_at <= now()
          ORDER BY due_at
          LIMIT %(limit)s
          FOR UPDATE SKIP LOCKED
        ) due
        WHERE d.account_id = due.account_id
        RETURNING d.account_id, d.correlation_id
        """,
        {"first_pause": first_pause, "last_pause": last_pause, "limit": limit},
    ).fetchall()


def rows_left(tx: Transaction, account_id: UserId) -> dict[str, int]:
    """Rows of the account by table, of tables that have some. System role."""
    return dict(tx.execute("SELECT name, number FROM rows_of_account(%(id)s)", {"id": account_id}).fetchall())


def forget(tx: Transaction, account_id: UserId) -> None:
    """Nothing is left to do: the deleted account with its certificate is all that stays. System role."""
    tx.execute("DELETE FROM deletions WHERE account_id = %(id)s", {"id": account_id})


def unfinished(tx: Transaction) -> Backlog:
    """Deletions that somebody waits for. System role."""
    with tx.cursor(row_factory=class_row(Backlog)) as cursor:
        found = cursor.execute(
            """
            SELECT count(*) AS count, extract(epoch FROM now() - min(requested_at))::float AS oldest_seconds
            FROM deleted_accounts
            WHERE finished_at IS NULL
            """
        ).fetchone()
    return found or Backlog(count=0, oldest_seconds=None)

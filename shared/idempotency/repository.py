"""SQL of idempotency keys."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from psycopg.types.json import Jsonb

from shared.db.connection import Transaction
from shared.db.selection import RowT_co, Selection
from shared.idempotency.model import LEASE_SECONDS, Answer, Claim
from shared.ids import UserId


def claiming(claim: Claim, row: Callable[..., RowT_co]) -> Selection[RowT_co]:
    """Claims a key: `outcome`, `wait_seconds`, and `status`, `headers` and `body` of a kept answer."""
    return Selection(
        statement="""
        SELECT outcome, wait_seconds, status, headers, body
        FROM claim_key(%(key)s, %(fingerprint)s, %(claim)s, %(lease_seconds)s)
        """,
        values={
            "key": claim.key,
            "fingerprint": claim.fingerprint,
            "claim": claim.id,
            "lease_seconds": LEASE_SECONDS,
        },
        row=row,
    )


def keep(tx: Transaction, user_id: UserId, claim: Claim, answer: Answer) -> bool:
    """Write the answer; False when the claim is not ours any more, or has its answer."""
    kept = tx.execute(
        """
        UPDATE idempotency_keys
        SET status = %(status)s, headers = %(headers)s, body = %(body)s
        WHERE user_id = %(user_id)s AND key = %(key)s AND claim = %(claim)s AND status IS NULL
        """,
        {
            "user_id": user_id,
            "key": claim.key,
            "claim": claim.id,
            "status": answer.status,
            "headers": Jsonb(dict(answer.headers)),
            "body": answer.body,
        },
    )
    return kept.rowcount == 1


def release(tx: Transaction, user_id: UserId, key: str, claim_id: UUID) -> None:
    """Forget a key without an answer, so that its request can be sent again."""
    tx.execute(
        """
        DELETE FROM idempotency_keys
        WHERE user_id = %(user_id)s AND key = %(key)s AND claim = %(claim)s AND status IS NULL
        """,
        {"user_id": user_id, "key": key, "claim": claim_id},
    )


def end_lease(tx: Transaction, user_id: UserId, key: str, claim_id: UUID) -> None:
    """A repeat may come at once; that it is one of the same request stays known."""
    tx.execute(
        """
        UPDATE idempotency_keys
        SET claimed_until = now()
        WHERE user_id = %(user_id)s AND key = %(key)s AND claim = %(claim)s AND status IS NULL
        """,
        {"user_id": user_id, "key": key, "claim": claim_id},
    )


def delete_older(tx: Transaction, *, than: timedelta, limit: int) -> int:
    """Forget keys that are older, of any user; returns how many."""
    deleted = tx.execute(
        """
        DELETE FROM idempotency_keys k
        USING (
          SELECT user_id, key
          FROM idempotency_keys
          WHERE created_at < now() - %(than)s
          ORDER BY created_at
          LIMIT %(limit)s
          FOR UPDATE SKIP LOCKED
        ) old
        WHERE k.user_id = old.user_id AND k.key = old.key
        """,
        {"than": than, "limit": limit},
    )
    return deleted.rowcount

"""SQL of what providers were used for, and what it cost."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from psycopg.rows import class_row

from shared.ai.capabilities import Usage
from shared.ai.model import OpenBreaker, UsedCall
from shared.db.connection import Transaction
from shared.ids import SessionId, StepId, UserId, new_id


def insert_usage(
    tx: Transaction,
    user_id: UserId,
    usage: Usage,
    *,
    session_id: SessionId | None,
    step_id: StepId | None,
    cost_cents: Decimal | None,
    may_be_lost: bool,
) -> None:
    """Keep what one call used, and its price. The statement confines itself, so it needs no transaction around it."""
    tx.execute(
        """
        INSERT INTO ai_usage (user_id, id, session_id, step_id, provider, model, operation_type, tokens_used,
                              input_tokens, cached_input_tokens, output_tokens, audio_ms, cost_cents, created_at)
        SELECT owner.id, %(id)s, %(session_id)s, %(step_id)s, %(provider)s, %(model)s, %(operation)s, %(tokens)s,
                %(input_tokens)s, %(cached_input_tokens)s, %(output_tokens)s, %(audio_ms)s, %(cost_cents)s, %(at)s
        FROM confined_to(%(user_id)s, %(may_be_lost)s) AS owner(id)
        """,
        {
            "user_id": user_id,
            "id": new_id(),
            "session_id": session_id,
            "step_id": step_id,
            "provider": usage.provider,
            "model": usage.model,
            "operation": usage.operation,
            "tokens": usage.tokens,
            "input_tokens": usage.input_tokens,
            "cached_input_tokens": usage.cached_input_tokens,
            "output_tokens": usage.output_tokens,
            "audio_ms": usage.audio_ms,
            "cost_cents": cost_cents,
            "at": usage.at,
            "may_be_lost": may_be_lost,
        },
    )


def has_usage(tx: Transaction, user_id: UserId, *, provider: str, at: datetime) -> bool:
    """Whether a call is kept that was over at this very moment."""
    row = tx.execute(
        """
        SELECT 1
        FROM ai_usage
        WHERE user_id = %(user_id)s
          AND provider = %(provider)s
          AND created_at = %(at)s
        LIMIT 1
        """,
        {"user_id": user_id, "provider": provider, "at": at},
    ).fetchone()
    return row is not None


def usage_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[UsedCall]:
    """The calls made for a session, oldest first."""
    with tx.cursor(row_factory=class_row(UsedCall)) as cursor:
        return cursor.execute(
            """
            SELECT step_id, provider, model, operation_type AS operation, tokens_used AS tokens, input_tokens,
                   cached_input_tokens, output_tokens, audio_ms, cost_cents, created_at AS at
            FROM ai_usage
            WHERE user_id = %(user_id)s AND session_id = %(session_id)s
            ORDER BY created_at, id
            """,
            {"user_id": user_id, "session_id": session_id},
        ).fetchall()


def open_breakers(tx: Transaction) -> Sequence[OpenBreaker]:
    """Circuit breakers that are open now."""
    with tx.cursor(row_factory=class_row(OpenBreaker)) as cursor:
        return cursor.execute(
            """
            SELECT provider, capability, failures, opened_until
            FROM circuit_breakers
            WHERE opened_until > now()
            ORDER BY provider, capability
            """
        ).fetchall()

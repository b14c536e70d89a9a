"""SQL of what providers were used for, over all users."""

from collections.abc import Sequence

from psycopg.rows import class_row

from shared.ai.usage import DailyUsage, UsageFilter, UserUsage
from shared.db.connection import Transaction


def by_day(tx: Transaction, wanted: UsageFilter) -> Sequence[DailyUsage]:
    """Added up by day, provider, model and operation, newest day first. System role."""
    with tx.cursor(row_factory=class_row(DailyUsage)) as cursor:
        return cursor.execute(
            """
            SELECT (created_at AT TIME ZONE 'UTC')::date AS day, provider, model, operation_type AS operation,
                   count(*) AS calls, sum(tokens_used)::bigint AS tokens, sum(audio_ms)::bigint AS audio_ms,
                   coalesce(sum(cost_cents), 0) AS cost_cents, count(*) FILTER (WHERE cost_cents IS NULL) AS unpriced
            FROM ai_usage
            WHERE created_at >= %(since)s::timestamptz
              AND created_at < %(until)s::timestamptz
              AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s::uuid)
            GROUP BY day, provider, model, operation
            ORDER BY day DESC, provider, model, operation
            """,
            {"since": wanted.since, "until": wanted.until, "user_id": wanted.user_id},
        ).fetchall()


def by_user(tx: Transaction, wanted: UsageFilter, *, limit: int) -> Sequence[UserUsage]:
    """The users whose calls cost most. System role."""
    with tx.cursor(row_factory=class_row(UserUsage)) as cursor:
        return cursor.execute(
            """
            SELECT user_id, count(*) AS calls, sum(tokens_used)::bigint AS tokens, sum(audio_ms)::bigint AS audio_ms,
                   coalesce(sum(cost_cents), 0) AS cost_cents
            FROM ai_usage
            WHERE created_at >= %(since)s::timestamptz
              AND created_at < %(until)s::timestamptz
              AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s::uuid)
            GROUP BY user_id
            ORDER BY cost_cents DESC, calls DESC, user_id
            LIMIT %(limit)s
            """,
            {"since": wanted.since, "until": wanted.until, "user_id": wanted.user_id, "limit": limit},
        ).fetchall()

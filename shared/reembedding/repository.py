"""SQL of users on their way to another embedding model, and of the days' budgets."""

from collections.abc import Sequence
from datetime import timedelta

from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.reembedding.model import Reembedding

_REEMBEDDING = "r.user_id, r.model_id, r.moved_at IS NOT NULL AS is_moved"


def due(tx: Transaction, *, is_moved: bool, besides: Sequence[UserId]) -> Reembedding | None:
    """The next that is due, of those that are moved or of the others; none of `besides`."""
    with tx.cursor(row_factory=class_row(Reembedding)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_REEMBEDDING}
            FROM reembeddings r
            WHERE r.due_at <= now()
              AND (r.moved_at IS NOT NULL) = %(is_moved)s
              AND r.user_id <> ALL(%(besides)s::uuid[])
            ORDER BY r.due_at, r.user_id
            LIMIT 1
            """,
            {"is_moved": is_moved, "besides": list(besides)},
        ).fetchone()


def under_way(tx: Transaction) -> list[UserId]:
    """Every user who is not moved yet, due or not: few, for one after the other is."""
    rows = tx.execute("SELECT user_id FROM reembeddings WHERE moved_at IS NULL ORDER BY user_id").fetchall()
    return [UserId(user_id) for (user_id,) in rows]


def begin(tx: Transaction, user_id: UserId, *, model_id: int) -> None:
    """Send the user on their way to this model, wherever they were going before; nothing, if that is where."""
    tx.execute(
        """
        INSERT INTO reembeddings AS r (user_id, model_id)
        VALUES (%(user_id)s, %(model_id)s)
        ON CONFLICT (user_id) DO UPDATE
        SET model_id = excluded.model_id, begun_at = now(), due_at = now(), moved_at = NULL, tokens = 0, reason = NULL
        WHERE r.moved_at IS NOT NULL OR r.model_id <> excluded.model_id
        """,
        {"user_id": user_id, "model_id": model_id},
    )


def add_tokens(tx: Transaction, user_id: UserId, *, tokens: int) -> None:
    """What more it has taken."""
    tx.execute(
        "UPDATE reembeddings SET tokens = tokens + %(tokens)s WHERE user_id = %(user_id)s",
        {"user_id": user_id, "tokens": tokens},
    )


def hold_up(tx: Transaction, user_id: UserId, *, reason: str, due_in: timedelta) -> None:
    """Leave the user alone for a while."""
    tx.execute(
        "UPDATE reembeddings SET reason = %(reason)s, due_at = now() + %(due_in)s WHERE user_id = %(user_id)s",
        {"user_id": user_id, "reason": reason, "due_in": due_in},
    )


def arrive(tx: Transaction, user_id: UserId, *, due_in: timedelta) -> None:
    """The user is moved; what is left of other models is to be cleared away after `due_in`."""
    tx.execute(
        """
        UPDATE reembeddings
        SET moved_at = now(), due_at = now() + %(due_in)s, reason = NULL
        WHERE user_id = %(user_id)s
        """,
        {"user_id": user_id, "due_in": due_in},
    )


def lock_moved(tx: Transaction, user_id: UserId) -> bool:
    """Whether the user is moved and stays where they are until the transaction ends."""
    row = tx.execute(
        """
        SELECT 1
        FROM reembeddings
        WHERE user_id = %(user_id)s AND moved_at IS NOT NULL
        FOR NO KEY UPDATE
        """,
        {"user_id": user_id},
    ).fetchone()
    return row is not None


def end(tx: Transaction, user_id: UserId) -> None:
    """Nothing is left to do for the user."""
    tx.execute("DELETE FROM reembeddings WHERE user_id = %(user_id)s", {"user_id": user_id})


def reserve_tokens(tx: Transaction, *, tokens: int, tokens_a_day: int) -> bool:
    """Take tokens of this day's budget; False when so many are not left. A day's first are given, however many."""
    row = tx.execute(
        """
        INSERT INTO reembedding_days AS d (day, tokens, tokens_a_day)
        VALUES (current_date, %(tokens)s, %(tokens_a_day)s)
        ON CONFLICT (day) DO UPDATE
        SET tokens = d.tokens + excluded.tokens, tokens_a_day = excluded.tokens_a_day
        WHERE d.tokens = 0 OR d.tokens + excluded.tokens <= excluded.tokens_a_day
        RETURNING d.tokens
        """,
        {"tokens": tokens, "tokens_a_day": tokens_a_day},
    ).fetchone()
    return row is not None


def correct_tokens(tx: Transaction, *, by: int) -> None:
    """What was reserved turned out to be more, or less; of the day on which that is known."""
    tx.execute(
        """
        INSERT INTO reembedding_days AS d (day, tokens, tokens_a_day)
        VALUES (current_date, greatest(0, %(by)s), 0)
        ON CONFLICT (day) DO UPDATE SET tokens = greatest(0, d.tokens + %(by)s)
        """,
        {"by": by},
    )


def counts(tx: Transaction) -> tuple[int, int, int]:
    """Users under way, of them those held up, and those who are moved and not cleared yet."""
    row = tx.execute(
        """
        SELECT count(*) FILTER (WHERE moved_at IS NULL),
               count(*) FILTER (WHERE moved_at IS NULL AND reason IS NOT NULL),
               count(*) FILTER (WHERE moved_at IS NOT NULL)
        FROM reembeddings
        """
    ).fetchone()
    return (0, 0, 0) if row is None else row


def budget_of_today(tx: Transaction) -> tuple[int, int] | None:
    """Tokens taken today, and how many there are in all; None before the first."""
    return tx.execute("SELECT tokens, tokens_a_day FROM reembedding_days WHERE day = current_date").fetchone()

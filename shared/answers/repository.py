"""SQL of conversations and of the tokens a user has used in a day."""

from collections.abc import Sequence
from datetime import date

from psycopg.rows import class_row

from shared.answers.model import TURNS_KEPT, ConversationId, NewTurn, Reservation, Turn, TurnId
from shared.db.connection import Transaction
from shared.ids import UserId, new_id


def turns(tx: Transaction, user_id: UserId, conversation_id: ConversationId) -> list[Turn]:
    """The turns that are kept of a conversation, oldest first; none of one that does not exist."""
    with tx.cursor(row_factory=class_row(Turn)) as cursor:
        newest = cursor.execute(
            """
            SELECT id, question, answer
            FROM conversation_turns
            WHERE user_id = %(user_id)s AND conversation_id = %(conversation_id)s
            ORDER BY created_at DESC, id DESC
            LIMIT %(kept)s
            """,
            {"user_id": user_id, "conversation_id": conversation_id, "kept": TURNS_KEPT},
        ).fetchall()
    return newest[::-1]


def open_conversation(tx: Transaction, user_id: UserId, conversation_id: ConversationId) -> None:
    """See to it that there is one, and hold it until the transaction ends."""
    tx.execute(
        """
        INSERT INTO conversations (user_id, id)
        VALUES (%(user_id)s, %(id)s)
        ON CONFLICT (user_id, id) DO UPDATE SET asked_at = now()
        """,
        {"user_id": user_id, "id": conversation_id},
    )


def insert_turn(tx: Transaction, user_id: UserId, conversation_id: ConversationId, turn: NewTurn) -> TurnId:
    """Write a turn of a conversation that exists."""
    turn_id = TurnId(new_id())
    tx.execute(
        """
        INSERT INTO conversation_turns (user_id, id, conversation_id, question, answer)
        VALUES (%(user_id)s, %(id)s, %(conversation_id)s, %(question)s, %(answer)s)
        """,
        {
            "user_id": user_id,
            "id": turn_id,
            "conversation_id": conversation_id,
            "question": turn.question,
            "answer": turn.answer,
        },
    )
    return turn_id


def lock_blocks(tx: Transaction, user_id: UserId, turn: NewTurn) -> bool:
    """Hold every block a turn hangs on until the transaction ends; False if one of them is gone."""
    row = tx.execute(
        """
        WITH held AS (
          SELECT id
          FROM session_blocks
          WHERE user_id = %(user_id)s AND id = ANY (%(blocks)s)
          ORDER BY id
          FOR KEY SHARE
        )
        SELECT count(*) FROM held
        """,
        {"user_id": user_id, "blocks": list(set(turn.blocks))},
    ).fetchone()
    return row is not None and row[0] == len(set(turn.blocks))


def count_turns(tx: Transaction, user_id: UserId, turn_ids: Sequence[TurnId]) -> int:
    """How many of these turns still exist."""
    row = tx.execute(
        "SELECT count(*) FROM conversation_turns WHERE user_id = %(user_id)s AND id = ANY (%(ids)s)",
        {"user_id": user_id, "ids": list(turn_ids)},
    ).fetchone()
    return 0 if row is None else row[0]


def insert_turn_blocks(tx: Transaction, user_id: UserId, turn_id: TurnId, turn: NewTurn) -> None:
    """Hang a turn on its blocks, and on those of the turns it follows."""
    tx.execute(
        """
        INSERT INTO turn_blocks (user_id, turn_id, block_id)
        SELECT %(user_id)s, %(turn_id)s, block_id
        FROM unnest(%(blocks)s::uuid[]) AS block_id
        UNION
        SELECT user_id, %(turn_id)s, block_id
        FROM turn_blocks
        WHERE user_id = %(user_id)s AND turn_id = ANY (%(follows)s)
        """,
        {"user_id": user_id, "turn_id": turn_id, "blocks": list(turn.blocks), "follows": list(turn.follows)},
    )


def forget_old_turns(tx: Transaction, user_id: UserId, conversation_id: ConversationId) -> None:
    """Keep the newest turns of a conversation, and no others."""
    tx.execute(
        """
        DELETE FROM conversation_turns
        WHERE user_id = %(user_id)s
          AND conversation_id = %(conversation_id)s
          AND id NOT IN (
            SELECT id
            FROM conversation_turns
            WHERE user_id = %(user_id)s AND conversation_id = %(conversation_id)s
            ORDER BY created_at DESC, id DESC
            LIMIT %(kept)s)
        """,
        {"user_id": user_id, "conversation_id": conversation_id, "kept": TURNS_KEPT},
    )


def forget_idle_conversations(tx: Transaction, user_id: UserId, *, days: int) -> None:
    """Delete the user's conversations in which nothing was asked for so many days."""
    tx.execute(
        """
        DELETE FROM conversations
        WHERE user_id = %(user_id)s AND asked_at < now() - make_interval(days => %(days)s)
        """,
        {"user_id": user_id, "days": days},
    )


def take_tokens(tx: Transaction, user_id: UserId, *, tokens: int, limit: int) -> Reservation | None:
    """Count tokens as used today (UTC), in one statement; None when there would be more than `limit` of them."""
    row = tx.execute(
        """
        INSERT INTO token_budgets AS b (user_id, day, tokens)
        SELECT %(user_id)s, (now() AT TIME ZONE 'utc')::date, %(tokens)s
        WHERE %(tokens)s <= %(limit)s
        ON CONFLICT (user_id) DO UPDATE
        SET day = excluded.day,
            tokens = excluded.tokens + CASE WHEN b.day < excluded.day THEN 0 ELSE b.tokens END
        WHERE excluded.tokens + CASE WHEN b.day < excluded.day THEN 0 ELSE b.tokens END <= %(limit)s
        RETURNING day, tokens
        """,
        {"user_id": user_id, "tokens": tokens, "limit": limit},
    ).fetchone()
    return None if row is None else Reservation(id=new_id(), day=row[0], tokens=tokens, used_tokens=row[1])


def correct_tokens(tx: Transaction, user_id: UserId, *, day: date, by_tokens: int) -> int | None:
    """Change what was counted on a day; what is then used of it, None when that day is over."""
    row = tx.execute(
        """
        UPDATE token_budgets
        SET tokens = greatest(0, tokens + %(by_tokens)s)
        WHERE user_id = %(user_id)s AND day = %(day)s
        RETURNING tokens
        """,
        {"user_id": user_id, "day": day, "by_tokens": by_tokens},
    ).fetchone()
    return None if row is None else row[0]


def used_today(tx: Transaction, user_id: UserId) -> tuple[int, int]:
    """Tokens used today (UTC), and how many seconds of the day are left, 1 at least."""
    row = tx.execute(
        """
        SELECT coalesce((SELECT tokens FROM token_budgets
                         WHERE user_id = %(user_id)s AND day = (now() AT TIME ZONE 'utc')::date), 0),
               ceil(86400 - extract(epoch FROM (now() AT TIME ZONE 'utc')::time))::integer
        """,
        {"user_id": user_id},
    ).fetchone()
    return (0, 1) if row is None else (row[0], max(1, row[1]))

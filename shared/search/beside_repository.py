"""SQL of chunks that lie beside those a user is searched by, while they are moved to another embedding model."""

from collections.abc import Sequence

from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.ids import BlockId, UserId
from shared.search.model import BlockPlace, Model, UsersOfModel


def models(tx: Transaction) -> list[Model]:
    """Every embedding model that was given a number."""
    with tx.cursor(row_factory=class_row(Model)) as cursor:
        return cursor.execute("SELECT id, provider, model FROM embedding_models ORDER BY id").fetchall()


def users_by_model(tx: Transaction) -> list[UsersOfModel]:
    """How many users are searched by each model, of all users."""
    with tx.cursor(row_factory=class_row(UsersOfModel)) as cursor:
        return cursor.execute(
            """
            SELECT m.provider, m.model, s.users
            FROM (SELECT model_id, count(*) AS users FROM search_spaces GROUP BY model_id) s
            JOIN embedding_models m ON m.id = s.model_id
            ORDER BY s.model_id
            """
        ).fetchall()


def users_of_model(tx: Transaction, *, model_id: int, besides: Sequence[UserId], limit: int) -> list[UserId]:
    """Users who are searched by this model and are not among `besides`, oldest first."""
    rows = tx.execute(
        """
        SELECT user_id
        FROM search_spaces
        WHERE model_id = %(model_id)s AND user_id <> ALL(%(besides)s::uuid[])
        ORDER BY user_id
        LIMIT %(limit)s
        """,
        {"model_id": model_id, "besides": list(besides), "limit": limit},
    ).fetchall()
    return [UserId(user_id) for (user_id,) in rows]


def count_users_of_models(tx: Transaction, *, model_ids: Sequence[int]) -> int:
    """How many users are searched by any of these models."""
    row = tx.execute(
        "SELECT count(*) FROM search_spaces WHERE model_id = ANY(%(model_ids)s)", {"model_ids": list(model_ids)}
    ).fetchone()
    return 0 if row is None else row[0]


def blocks_without(
    tx: Transaction, user_id: UserId, *, model_id: int, after: BlockId | None, limit: int
) -> list[BlockPlace]:
    """Blocks later than `after`, by id, that have chunks of the model the user is searched by and none of this one.

    A block's chunks of a model come and go together, so its first one stands for all.
    """
    with tx.cursor(row_factory=class_row(BlockPlace)) as cursor:
        return cursor.execute(
            """
            SELECT c.session_id, c.block_id
            FROM search_spaces s
            JOIN chunks c ON c.user_id = s.user_id AND c.model_id = s.model_id AND c.chunk_index = 0
            WHERE s.user_id = %(user_id)s
              AND c.user_id = %(user_id)s
              AND (%(after)s::uuid IS NULL OR c.block_id > %(after)s::uuid)
              AND NOT EXISTS (
                SELECT FROM chunks there
                WHERE there.user_id = %(user_id)s
                  AND there.block_id = c.block_id
                  AND there.model_id = %(model_id)s
                  AND there.chunk_index = 0)
            ORDER BY c.block_id
            LIMIT %(limit)s
            """,
            {"user_id": user_id, "model_id": model_id, "after": after, "limit": limit},
        ).fetchall()


def change_model(tx: Transaction, user_id: UserId, *, model_id: int) -> None:
    """Search the user by this model from now on; their words in it are keyed as those of the model before."""
    tx.execute(
        """
        WITH moved AS (
          UPDATE search_spaces SET model_id = %(model_id)s WHERE user_id = %(user_id)s RETURNING is_keyed
        )
        UPDATE chunk_words w
        SET is_keyed = moved.is_keyed
        FROM moved
        WHERE w.user_id = %(user_id)s AND w.model_id = %(model_id)s AND w.is_keyed <> moved.is_keyed
        """,
        {"user_id": user_id, "model_id": model_id},
    )


def delete_beside(tx: Transaction, user_id: UserId, *, limit: int) -> int:
    """Forget chunks of any model the user is not searched by; returns how many, `limit` at most."""
    return tx.execute(
        """
        DELETE FROM chunks c
        USING (
          SELECT c.model_id, c.id
          FROM search_spaces s
          JOIN vector_counts v ON v.user_id = s.user_id AND v.model_id <> s.model_id
          JOIN chunks c ON c.user_id = v.user_id AND c.model_id = v.model_id
          WHERE s.user_id = %(user_id)s AND v.user_id = %(user_id)s AND c.user_id = %(user_id)s
          LIMIT %(limit)s
        ) gone
        WHERE c.user_id = %(user_id)s AND c.model_id = gone.model_id AND c.id = gone.id
        """,
        {"user_id": user_id, "limit": limit},
    ).rowcount


def delete_counts_beside(tx: Transaction, user_id: UserId) -> None:
    """Forget how many vectors the user has of models of which none are left."""
    tx.execute(
        """
        DELETE FROM vector_counts c
        USING search_spaces s
        WHERE c.user_id = %(user_id)s
          AND s.user_id = %(user_id)s
          AND c.model_id <> s.model_id
          AND c.vector_count = 0
        """,
        {"user_id": user_id},
    )

"""SQL of embedding models and search spaces: which model a user is searched by."""

from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search.model import Space


def find_model(tx: Transaction, *, provider: str, model: str) -> int | None:
    """The model's number, if it has one."""
    row = tx.execute(
        "SELECT id FROM embedding_models WHERE provider = %(provider)s AND model = %(model)s",
        {"provider": provider, "model": model},
    ).fetchone()
    return None if row is None else row[0]


def get_model(tx: Transaction, *, provider: str, model: str) -> int:
    """The number of a model known to have one."""
    number = find_model(tx, provider=provider, model=model)
    if number is None:
        raise LookupError(f"no number was given to {provider} {model}")
    return number


def insert_model(tx: Transaction, *, provider: str, model: str) -> None:
    """Give the model a number, unless somebody does so at the same time."""
    tx.execute(
        """
        INSERT INTO embedding_models (provider, model)
        VALUES (%(provider)s, %(model)s)
        ON CONFLICT (provider, model) DO NOTHING
        """,
        {"provider": provider, "model": model},
    )


def find_space(tx: Transaction, user_id: UserId) -> Space | None:
    """What a search of the user looks at; None while nothing of theirs was ever embedded."""
    with tx.cursor(row_factory=class_row(Space)) as cursor:
        return cursor.execute(
            """
            SELECT model_id, provider, model, languages, is_keyed, vector_count, chunk_count, language, time_zone
            FROM search_space_of(%(user_id)s)
            """,
            {"user_id": user_id},
        ).fetchone()


def open_space(tx: Transaction, user_id: UserId, *, model_id: int, language: str) -> None:
    """See to it that the user has a space, which this model names if they had none, and that it knows the language."""
    tx.execute(
        """
        INSERT INTO search_spaces AS s (user_id, model_id, languages)
        VALUES (%(user_id)s, %(model_id)s, ARRAY[word_language(%(language)s)::text])
        ON CONFLICT (user_id) DO UPDATE
        SET languages = s.languages || excluded.languages
        WHERE NOT s.languages @> excluded.languages
        """,
        {"user_id": user_id, "model_id": model_id, "language": language},
    )


def lock_space(tx: Transaction, user_id: UserId) -> int | None:
    """The number of the user's model, which stays theirs until the transaction ends; None if they have no space."""
    row = tx.execute(
        "SELECT model_id FROM search_spaces WHERE user_id = %(user_id)s FOR NO KEY UPDATE", {"user_id": user_id}
    ).fetchone()
    return None if row is None else row[0]


def lock_unkeyed(tx: Transaction, user_id: UserId, *, least_chunks: int) -> bool:
    """Hold the user's space until the transaction ends, if it has so many chunks and no keys of their words."""
    row = tx.execute(
        """
        SELECT 1
        FROM search_spaces s
        JOIN vector_counts c ON c.user_id = s.user_id AND c.model_id = s.model_id
        WHERE s.user_id = %(user_id)s AND NOT s.is_keyed AND c.chunk_count >= %(least_chunks)s
        FOR NO KEY UPDATE OF s
        """,
        {"user_id": user_id, "least_chunks": least_chunks},
    ).fetchone()
    return row is not None


def mark_keyed(tx: Transaction, user_id: UserId) -> None:
    """All the user's words are in the index of keys, and those to come will be."""
    tx.execute("UPDATE search_spaces SET is_keyed = true WHERE user_id = %(user_id)s", {"user_id": user_id})

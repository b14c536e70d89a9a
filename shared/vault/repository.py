"""SQL of users' secrets, which are sealed when they come here."""

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.vault.model import SealedSecret, SecretPlace


def put(tx: Transaction, place: SecretPlace, sealed: SealedSecret) -> None:
    """Write it, over what was there."""
    tx.execute(
        """
        INSERT INTO user_secrets (user_id, name, sealed, key_id)
        VALUES (%(user_id)s, %(name)s, %(sealed)s, %(key_id)s)
        ON CONFLICT (user_id, name) DO UPDATE
        SET sealed = excluded.sealed, key_id = excluded.key_id, updated_at = now()
        """,
        _columns(place, sealed),
    )


def find(tx: Transaction, place: SecretPlace) -> SealedSecret | None:
    """What is kept there; None if nothing is."""
    row = tx.execute(
        """
        SELECT sealed, key_id
        FROM user_secrets
        WHERE user_id = %(user_id)s AND name = %(name)s
        """,
        {"user_id": place.user_id, "name": place.name},
    ).fetchone()
    return None if row is None else SealedSecret.of(row[0], key_id=row[1])


def delete(tx: Transaction, place: SecretPlace) -> bool:
    """Whether there was one."""
    deleted = tx.execute(
        "DELETE FROM user_secrets WHERE user_id = %(user_id)s AND name = %(name)s",
        {"user_id": place.user_id, "name": place.name},
    )
    return deleted.rowcount == 1


def wrapped_otherwise(
    tx: Transaction, key_id: str, *, after: SecretPlace | None, limit: int
) -> list[tuple[SecretPlace, bytes, str]]:
    """Place, bytes and master key of secrets that another key has wrapped, of all users, in order, behind `after`.

    For the system's role only: others see no user's without being that user.
    """
    rows = tx.execute(
        """
        SELECT user_id, name, sealed, key_id
        FROM user_secrets
        WHERE key_id <> %(key_id)s
          AND (%(user_id)s::uuid IS NULL OR (user_id, name) > (%(user_id)s, %(name)s))
        ORDER BY user_id, name
        LIMIT %(limit)s
        """,
        {
            "key_id": key_id,
            "user_id": None if after is None else after.user_id,
            "name": "" if after is None else after.name,
            "limit": limit,
        },
    )
    return [(SecretPlace(user_id=UserId(row[0]), name=row[1]), row[2], row[3]) for row in rows]


def replace(tx: Transaction, place: SecretPlace, old: bytes, new: SealedSecret) -> None:
    """Write `new` if `old` is still there; that is no change of its user's, so `updated_at` stays."""
    tx.execute(
        """
        UPDATE user_secrets
        SET sealed = %(sealed)s, key_id = %(key_id)s
        WHERE user_id = %(user_id)s AND name = %(name)s AND sealed = %(old)s
        """,
        {**_columns(place, new), "old": old},
    )


def _columns(place: SecretPlace, sealed: SealedSecret) -> dict[str, object]:
    return {
        "user_id": place.user_id,
        "name": place.name,
        "sealed": sealed.as_bytes(),
        "key_id": sealed.wrapped.key_id,
    }

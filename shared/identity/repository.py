"""SQL of users and devices. The column users.credits belongs to the credits room."""

from uuid import UUID

from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.identity.model import Customer, Profile, RecognisedUser
from shared.ids import UserId


def recognise(tx: Transaction, firebase_uid: str) -> RecognisedUser | None:
    """The user of that Firebase uid, asked before any tenant is set."""
    with tx.cursor(row_factory=class_row(RecognisedUser)) as cursor:
        return cursor.execute("SELECT id, is_disabled FROM recognise_user(%s)", [firebase_uid]).fetchone()


def insert_user(tx: Transaction, user_id: UserId, *, firebase_uid: str, email: str | None) -> bool:
    """Create the user; False when another request has just created them."""
    inserted = tx.execute(
        """
        INSERT INTO users (id, firebase_uid, email)
        VALUES (%(id)s, %(firebase_uid)s, %(email)s)
        ON CONFLICT (firebase_uid) DO NOTHING
        """,
        {"id": user_id, "firebase_uid": firebase_uid, "email": email},
    )
    return inserted.rowcount == 1


def find_profile(tx: Transaction, user_id: UserId) -> Profile | None:
    """The user's own row."""
    with tx.cursor(row_factory=class_row(Profile)) as cursor:
        return cursor.execute(
            "SELECT email, credits, credit_debt AS debt, preferred_language, created_at FROM users WHERE id = %(id)s",
            {"id": user_id},
        ).fetchone()


def find_customer(tx: Transaction, user_id: UserId) -> Customer | None:
    """The user as the payment provider knows them."""
    with tx.cursor(row_factory=class_row(Customer)) as cursor:
        return cursor.execute(
            "SELECT stripe_customer_id AS id, email FROM users WHERE id = %(id)s", {"id": user_id}
        ).fetchone()


def keep_customer(tx: Transaction, user_id: UserId, customer_id: str, *, replacing: str | None) -> str | None:
    """Write the customer id in place of that one; returns the one that is there then, None without the user."""
    kept = tx.execute(
        """
        UPDATE users
        SET stripe_customer_id = CASE
              WHEN stripe_customer_id IS NOT DISTINCT FROM %(replacing)s THEN %(customer_id)s
              ELSE stripe_customer_id
            END,
            updated_at = now()
        WHERE id = %(id)s
        RETURNING stripe_customer_id
        """,
        {"id": user_id, "customer_id": customer_id, "replacing": replacing},
    ).fetchone()
    return None if kept is None else kept[0]


def set_preferred_language(tx: Transaction, user_id: UserId, language: str) -> None:
    """Remember the language the user wants to read."""
    tx.execute(
        "UPDATE users SET preferred_language = %(language)s, updated_at = now() WHERE id = %(id)s",
        {"id": user_id, "language": language},
    )


def put_device(tx: Transaction, user_id: UserId, device_id: UUID, *, fcm_token: str, platform: str | None) -> None:
    """Register a device, or renew its token."""
    tx.execute(
        """
        INSERT INTO devices (user_id, id, fcm_token, platform)
        VALUES (%(user_id)s, %(id)s, %(fcm_token)s, %(platform)s)
        ON CONFLICT (user_id, id)
        DO UPDATE SET fcm_token = excluded.fcm_token, platform = excluded.platform, updated_at = now()
        """,
        {"user_id": user_id, "id": device_id, "fcm_token": fcm_token, "platform": platform},
    )


def delete_device(tx: Transaction, user_id: UserId, device_id: UUID) -> bool:
    """Forget a device; False when there was none."""
    deleted = tx.execute(
        "DELETE FROM devices WHERE user_id = %(user_id)s AND id = %(id)s",
        {"user_id": user_id, "id": device_id},
    )
    return deleted.rowcount == 1

"""SQL of users and devices. The column users.credits belongs to the credits room."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.db.selection import Selection
from shared.identity.account_facts import Administrator
from shared.identity.model import Customer, Device, Locale, Profile, ProfileChange, PushChoices, RecognisedUser
from shared.ids import UserId


def recognising(firebase_uid: str, signed_in_at: int | None) -> Selection[RecognisedUser]:
    """Who has that uid, and whether their sign-in (seconds since 1970) still counts.

    What follows in its transaction is confined to them, unless they are disabled, deleted or signed out.
    """
    return Selection(
        statement="""
        SELECT r.id, r.is_disabled, r.is_administrator, r.is_leaving, NOT counts.is_so AS is_signed_out,
               CASE
                 WHEN NOT r.is_disabled AND counts.is_so THEN set_config('app.user_id', r.id::text, true)
               END AS tenant
        FROM recognise_user(%(uid)s) AS r,
        LATERAL (
          SELECT coalesce(to_timestamp(%(signed_in_at)s::float8) > r.signed_out_at, r.signed_out_at IS NULL) AS is_so
        ) AS counts
        """,
        values={"uid": firebase_uid, "signed_in_at": signed_in_at},
        row=_recognised,
    )


def _recognised(*, tenant: str | None, **row: Any) -> RecognisedUser:  # noqa: ARG001 - it is set by being selected
    return RecognisedUser(**row)


def confining(firebase_uid: str) -> Selection[UserId]:
    """Confines a transaction to whoever has that uid, and tells their id."""
    return Selection(
        statement="""
        SELECT set_config('app.user_id', r.id::text, true)::uuid AS user_id FROM recognise_user(%(uid)s) AS r
        """,
        values={"uid": firebase_uid},
        row=_user_id,
    )


def _user_id(*, user_id: UserId) -> UserId:
    return user_id


def insert_user(tx: Transaction, user_id: UserId, *, firebase_uid: str, email: str | None) -> bool:
    """Create the user; False when another request has just created them, or has just deleted them."""
    inserted = tx.execute(
        """
        INSERT INTO users (id, firebase_uid, email)
        SELECT %(id)s, %(firebase_uid)s, %(email)s
        WHERE NOT EXISTS (SELECT FROM recognise_user(%(firebase_uid)s))
        ON CONFLICT (firebase_uid) DO NOTHING
        """,
        {"id": user_id, "firebase_uid": firebase_uid, "email": email},
    )
    return inserted.rowcount == 1


def find_profile(tx: Transaction, user_id: UserId) -> Profile | None:
    """The user's own row."""
    row = tx.execute(
        """
        SELECT email, credits, credit_debt, preferred_language, time_zone, created_at,
               push_processed, push_failed, push_credits_low
        FROM users
        WHERE id = %(id)s
        """,
        {"id": user_id},
    ).fetchone()
    if row is None:
        return None
    email, balance, debt, language, time_zone, created_at, *choices = row
    return Profile(
        email=email,
        credits=balance,
        debt=debt,
        preferred_language=language,
        time_zone=time_zone,
        notifications=_choices(*choices),
        created_at=created_at,
    )


def find_reader(tx: Transaction, user_id: UserId) -> tuple[str, bool, PushChoices] | None:
    """The language a user reads, whether the account is disabled, and what they want to be told."""
    row = tx.execute(
        """
        SELECT preferred_language, disabled_at IS NOT NULL, push_processed, push_failed, push_credits_low
        FROM users
        WHERE id = %(id)s
        """,
        {"id": user_id},
    ).fetchone()
    return None if row is None else (row[0], row[1], _choices(*row[2:]))


def _choices(processed: bool, failed: bool, credits_low: bool) -> PushChoices:  # noqa: FBT001 - columns, in their order
    return PushChoices(processed=processed, failed=failed, credits_low=credits_low)


def find_locale(tx: Transaction, user_id: UserId) -> Locale | None:
    """The user's language and time zone."""
    with tx.cursor(row_factory=class_row(Locale)) as cursor:
        return cursor.execute(
            "SELECT preferred_language AS language, time_zone FROM users WHERE id = %(id)s", {"id": user_id}
        ).fetchone()


def find_customer(tx: Transaction, user_id: UserId) -> Customer | None:
    """The user as the payment provider knows them."""
    with tx.cursor(row_factory=class_row(Customer)) as cursor:
        return cursor.execute(
            "SELECT stripe_customer_id AS id, email FROM users WHERE id = %(id)s", {"id": user_id}
        ).fetchone()


def note_customer_asked(tx: Transaction, user_id: UserId) -> bool:
    """The payment provider is about to be asked for a customer; False without the user."""
    noted = tx.execute(
        "UPDATE users SET customer_asked_at = now(), updated_at = now() WHERE id = %(id)s", {"id": user_id}
    )
    return noted.rowcount == 1


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


def edit_profile(tx: Transaction, user_id: UserId, change: ProfileChange) -> None:
    """Write what is given, and leave the rest."""
    tx.execute(
        """
        UPDATE users
        SET preferred_language = coalesce(%(preferred_language)s, preferred_language),
            time_zone = coalesce(%(time_zone)s, time_zone),
            push_processed = coalesce(%(push_processed)s, push_processed),
            push_failed = coalesce(%(push_failed)s, push_failed),
            push_credits_low = coalesce(%(push_credits_low)s, push_credits_low),
            updated_at = now()
        WHERE id = %(id)s
        """,
        {"id": user_id, **asdict(change)},
    )


def disable(tx: Transaction, user_id: UserId) -> str | None:
    """Close the account, if it is not; the uid of its user."""
    row = tx.execute(
        """
        UPDATE users
        SET disabled_at = coalesce(disabled_at, now())
        WHERE id = %(id)s
        RETURNING firebase_uid
        """,
        {"id": user_id},
    ).fetchone()
    return None if row is None else row[0]


def end_sign_ins(tx: Transaction, user_id: UserId, up_to: datetime | None) -> None:
    """Sign-ins up to that moment, or now, count no more; never less than before."""
    tx.execute(
        """
        UPDATE users
        SET signed_out_at = greatest(signed_out_at, coalesce(%(up_to)s::timestamptz, now())), updated_at = now()
        WHERE id = %(id)s
        """,
        {"id": user_id, "up_to": up_to},
    )


def take_over_token(tx: Transaction, user_id: UserId, fcm_token: str) -> None:
    """Take the token away from every other user: the phone is this one's now."""
    tx.execute("SELECT take_over_token(%(user_id)s, %(fcm_token)s)", {"user_id": user_id, "fcm_token": fcm_token})


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


def devices(tx: Transaction, user_id: UserId, *, limit: int) -> list[Device]:
    """The devices that were registered or renewed last, each token once: two installations may share one."""
    with tx.cursor(row_factory=class_row(Device)) as cursor:
        return cursor.execute(
            """
            SELECT id, fcm_token
            FROM (
              SELECT DISTINCT ON (fcm_token) id, fcm_token, updated_at
              FROM devices
              WHERE user_id = %(user_id)s
              ORDER BY fcm_token, updated_at DESC, id
            ) reachable
            ORDER BY updated_at DESC, id
            LIMIT %(limit)s
            """,
            {"user_id": user_id, "limit": limit},
        ).fetchall()


def has_device(tx: Transaction, user_id: UserId) -> bool:
    """Whether a push could reach the user."""
    row = tx.execute("SELECT EXISTS (SELECT FROM devices WHERE user_id = %(user_id)s)", {"user_id": user_id}).fetchone()
    return row is not None and row[0]


def delete_token(tx: Transaction, user_id: UserId, fcm_token: str) -> bool:
    """Forget the devices of that token; False when there is none: it was renewed, or the phone signed out."""
    deleted = tx.execute(
        "DELETE FROM devices WHERE user_id = %(user_id)s AND fcm_token = %(fcm_token)s",
        {"user_id": user_id, "fcm_token": fcm_token},
    )
    return deleted.rowcount > 0


def is_administrator(tx: Transaction, user_id: UserId) -> bool:
    """Whether the user is one now, whoever the transaction is confined to. System role."""
    row = tx.execute(
        "SELECT EXISTS (SELECT FROM administrators WHERE user_id = %(user_id)s)", {"user_id": user_id}
    ).fetchone()
    return row is not None and row[0]


def insert_administrator(tx: Transaction, user_id: UserId, *, appointed_by: str, reason: str) -> bool:
    """Appoint the user; False when they are one already. The owner's."""
    inserted = tx.execute(
        """
        INSERT INTO administrators (user_id, appointed_by, reason)
        VALUES (%(user_id)s, %(appointed_by)s, %(reason)s)
        ON CONFLICT (user_id) DO NOTHING
        """,
        {"user_id": user_id, "appointed_by": appointed_by, "reason": reason},
    )
    return inserted.rowcount == 1


def delete_administrator(tx: Transaction, user_id: UserId) -> bool:
    """Dismiss the user; False when they are none. The owner's."""
    deleted = tx.execute("DELETE FROM administrators WHERE user_id = %(user_id)s", {"user_id": user_id})
    return deleted.rowcount == 1


def administrators(tx: Transaction) -> Sequence[Administrator]:
    """All of them, in the order they were appointed."""
    with tx.cursor(row_factory=class_row(Administrator)) as cursor:
        return cursor.execute(
            """
            SELECT a.user_id, u.firebase_uid, a.appointed_by, a.reason, a.created_at
            FROM administrators a
            JOIN users u ON u.id = a.user_id
            ORDER BY a.created_at, a.user_id
            """
        ).fetchall()

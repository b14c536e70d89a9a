"""SQL of the audit log: written once, never changed."""

from psycopg.types.json import Jsonb

from shared.audit.model import Deed
from shared.db.connection import Transaction
from shared.ids import new_id


def insert(tx: Transaction, deed: Deed, *, correlation_id: str) -> None:
    """Keep it; needs the system role."""
    tx.execute(
        """
        INSERT INTO audit_log (id, actor_id, action, subject_user_id, subject, reason, details, correlation_id)
        VALUES (%(id)s, %(actor_id)s, %(action)s, %(subject_user_id)s, %(subject)s, %(reason)s, %(details)s,
                %(correlation_id)s)
        """,
        {
            "id": new_id(),
            "actor_id": deed.actor_id,
            "action": deed.action,
            "subject_user_id": deed.subject_user_id,
            "subject": deed.subject,
            "reason": deed.reason,
            "details": Jsonb(deed.details),
            "correlation_id": correlation_id,
        },
    )

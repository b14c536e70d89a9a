"""Sign-ins that count no more, which we remember ourselves: what we know is asked of nobody."""

from datetime import datetime

from shared.db.connection import Transaction
from shared.identity import repository
from shared.ids import UserId


def end_sign_ins(tx: Transaction, user_id: UserId, *, up_to: datetime | None = None) -> None:
    """Those up to that moment (None: now) count no more; what was said of a later one stays."""
    repository.end_sign_ins(tx, user_id, up_to)

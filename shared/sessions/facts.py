"""Sessions as an administrator sees them: that they are, not what they say."""

from datetime import datetime

from shared.ids import SessionId, UserId
from shared.sessions.model import SessionStatus, SessionType
from shared.values import frozen


@frozen
class SessionFacts:
    """A session without title, summary and text."""

    id: SessionId
    user_id: UserId
    session_type: SessionType
    status: SessionStatus
    language: str
    failure_reason: str | None
    created_at: datetime
    updated_at: datetime
    finalized_at: datetime | None
    processed_at: datetime | None


@frozen
class FactsFilter:
    """Which sessions a list shows: created from `since` on and before `until`. None does not narrow further."""

    since: datetime
    until: datetime
    user_id: UserId | None = None
    status: SessionStatus | None = None

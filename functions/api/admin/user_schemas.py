"""The wire shapes of users as administrators see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from functions.api.admin.schemas import Why
from functions.api.admin.work_schemas import JobOut
from shared.administration.read_user import UserFacts
from shared.edge.endpoint import Body
from shared.edge.pages import PageQuery
from shared.edge.shape import shape
from shared.identity.account_facts import Account, AccountFilter
from shared.values import frozen

Beginning = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=320)]
"""How an address or a uid begins: three characters at least, or it would find everybody."""


class UsersQuery(PageQuery):
    """GET /api/admin/users."""

    email: Beginning | None = None
    uid: Beginning | None = None
    disabled: bool | None = None

    def wanted(self) -> AccountFilter:
        """What is looked for."""
        return AccountFilter(email=self.email, firebase_uid=self.uid, is_disabled=self.disabled)


class Because(Body):
    """POST of a deed that needs nothing but a reason."""

    reason: Why


@frozen
class UserOut:
    """A user from outside."""

    id: UUID
    firebase_uid: str
    email: str | None
    credits: int
    debt: int
    preferred_language: str
    is_administrator: bool
    disabled_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> "UserOut":
        """The wire shape of an account."""
        return shape(cls, account)


@frozen
class UsersOut:
    """A page of users, newest first; `next_cursor` is null on the last."""

    users: list[UserOut]
    next_cursor: str | None


@frozen
class UserFactsOut:
    """One user: `sessions` counts them by status, `jobs` are the latest. Nothing they said, wrote or named."""

    user: UserOut
    sessions: dict[str, int]
    jobs: list[JobOut]

    @classmethod
    def of(cls, facts: UserFacts) -> "UserFactsOut":
        """The wire shape of what is known of a user."""
        return cls(
            user=UserOut.of(facts.account), sessions=dict(facts.sessions), jobs=[JobOut.of(job) for job in facts.jobs]
        )

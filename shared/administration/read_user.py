"""One user from outside: who they are, where they stand, how much they have, what was processed last."""

from collections.abc import Mapping, Sequence

from shared.audit.note_look import note_look
from shared.db.connection import Database
from shared.identity.account_facts import Account
from shared.identity.as_administrator import as_administrator
from shared.identity.find_account import find_account
from shared.ids import UserId
from shared.jobs.facts import JobFacts, JobFilter
from shared.jobs.list_jobs import list_jobs
from shared.sessions.count_sessions import count_sessions
from shared.values import frozen

LATEST_JOBS = 10


@frozen
class UserFacts:
    """A user, their sessions by status, and their latest jobs, newest first."""

    account: Account
    sessions: Mapping[str, int]
    jobs: Sequence[JobFacts]


def read_user(db: Database, actor_id: UserId, user_id: UserId) -> UserFacts:
    """On record. Raises Forbidden and NotFound. `db` connects as the system role.

    No text of theirs is read: what is wrong with a session stands on its job and its steps.
    """
    with as_administrator(db, actor_id) as tx:
        account = find_account(tx, user_id)
        note_look(tx, actor_id, "user", user_id=user_id)
        sessions = count_sessions(tx, user_id)
        jobs = list_jobs(tx, JobFilter(user_id=user_id), before=None, limit=LATEST_JOBS)
    return UserFacts(account=account, sessions=sessions, jobs=jobs)

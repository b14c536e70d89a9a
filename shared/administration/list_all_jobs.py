"""Jobs of all users, with where their steps stand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.audit.note_look import note_look
from shared.db.connection import Database
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.jobs.facts import JobFacts, JobFilter
from shared.jobs.list_jobs import list_jobs


def list_all_jobs(
    db: Database, actor_id: UserId, wanted: JobFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[JobFacts]:
    """A page, newest first; one user's go on record. Raises Forbidden. `db` connects as the system role."""
    with as_administrator(db, actor_id) as tx:
        if wanted.user_id is not None:
            note_look(tx, actor_id, "jobs", user_id=wanted.user_id)
        return list_jobs(tx, wanted, before=before, limit=limit)

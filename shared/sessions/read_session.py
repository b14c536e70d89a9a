"""Everything an app shows of one session."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import SessionId, UserId
from shared.jobs.model import Step
from shared.jobs.reading import steps_of_session
from shared.media.media_of_session import media_of_session
from shared.media.model import MediaFile
from shared.sessions import block_repository, repository
from shared.sessions.model import Block, Session
from shared.values import frozen


@frozen
class WholeSession:
    """A session with all that belongs to it. `steps` are those of its newest job."""

    session: Session
    blocks: list[Block]
    media: list[MediaFile]
    steps: list[Step]


def read_session(db: Database, user_id: UserId, session_id: SessionId) -> WholeSession:
    """Raises NotFound."""
    with db.transaction(user_id) as tx:
        session = repository.find(tx, user_id, session_id)
        if session is None:
            raise NotFound
        return WholeSession(
            session=session,
            blocks=block_repository.of_session(tx, user_id, session_id),
            media=media_of_session(tx, user_id, session_id),
            steps=_of_newest_job(steps_of_session(tx, user_id, session_id)),
        )


def _of_newest_job(steps: list[Step]) -> list[Step]:
    """Where a failed session was processed again, what its earlier jobs did is on its receipt."""
    return [step for step in steps if step.job_id == steps[-1].job_id]

"""Everything an app shows of one session."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import SessionId, UserId
from shared.jobs.model import Step
from shared.jobs.reading import all_steps_of_session
from shared.media.media_of_session import all_media_of_session
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
    found, blocks, media, steps = db.select_together(
        user_id,
        [
            repository.one(user_id, session_id),
            block_repository.all_of_session(user_id, session_id),
            all_media_of_session(user_id, session_id),
            all_steps_of_session(user_id, session_id),
        ],
    )
    if not found:
        raise NotFound
    return WholeSession(session=found[0], blocks=blocks, media=media, steps=_of_newest_job(steps))


def _of_newest_job(steps: list[Step]) -> list[Step]:
    """Where a failed session was processed again, what its earlier jobs did is on its receipt."""
    return [step for step in steps if step.job_id == steps[-1].job_id]

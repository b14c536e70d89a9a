"""Turns a picture into a caption and the text read in it."""

from functools import partial

from shared.ai.capabilities import Description, ImageDescriber
from shared.db.connection import Database, Transaction
from shared.enrichment.media_to_read import MediaToRead, media_to_read, read_bytes
from shared.enrichment.model import MediaRejected
from shared.enrichment.picture_probe import probe_picture
from shared.enrichment.run_step import Work, run_step
from shared.ids import MediaId, StepId, UserId
from shared.jobs.model import Step
from shared.media.store import ObjectStore
from shared.outbox.queue import Queue
from shared.sessions.write_block_text import write_block_text
from shared.values import frozen


@frozen
class _Seen:
    media_id: MediaId
    description: Description
    text: str


def describe_media(
    db: Database, queue: Queue, store: ObjectStore, describer: ImageDescriber, *, user_id: UserId, step_id: StepId
) -> None:
    """Describe the step's picture. Raises VendorDown when a later try may help."""
    work = Work(
        prepare=media_to_read,
        perform=partial(_perform, store, describer),
        record=_record,
        usage=lambda seen: seen.description.usage,
    )
    run_step(db, queue, user_id, step_id, work)


def _perform(store: ObjectStore, describer: ImageDescriber, picture: MediaToRead) -> _Seen:
    safe = probe_picture(read_bytes(store, picture.media))
    description = describer.describe(safe.data, content_type=safe.content_type, language=picture.language)
    text = "\n".join(part for part in (description.caption, description.text) if part)
    if not text:
        raise MediaRejected("Nothing was recognised in this picture.", code="nothing_seen", usage=description.usage)
    return _Seen(media_id=picture.media.id, description=description, text=text)


def _record(tx: Transaction, step: Step, seen: _Seen) -> None:
    origin = seen.description.usage.provider
    write_block_text(tx, step.user_id, seen.media_id, text=seen.text, origin=origin, segments=())

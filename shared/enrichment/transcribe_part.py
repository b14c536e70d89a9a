"""Turns a part of a long recording into text, with the times it has in the whole."""

from functools import partial

from shared.ai.capabilities import Transcriber, Transcript
from shared.db.connection import Database, Transaction
from shared.enrichment.media_to_read import media_to_read
from shared.enrichment.model import Outcome
from shared.enrichment.part_plan import MOST_BYTES
from shared.enrichment.part_words import by_recording_clock
from shared.enrichment.run_step import Work, run_step
from shared.errors import NotFound
from shared.ids import StepId, UserId
from shared.jobs.model import Step, StepState
from shared.media.keep_heard import keep_heard
from shared.media.recording_part import RecordingPart
from shared.media.recording_parts import parts_of_recording
from shared.media.store import ObjectStore
from shared.outbox.queue import Queue
from shared.values import frozen

_FILE_NAME = "audio.flac"


@frozen
class _ToHear:
    part: RecordingPart
    language: str


@frozen
class _Heard:
    part: RecordingPart
    transcript: Transcript


def transcribe_part(
    db: Database, queue: Queue, store: ObjectStore, transcriber: Transcriber, *, user_id: UserId, step_id: StepId
) -> None:
    """Transcribe the step's part; the last one sets its recording going again. Raises VendorDown for a later try.

    A part that fails for good fails its session: a text with a hole in it would pass for a whole one.
    """
    work = Work(
        prepare=_to_hear,
        perform=partial(_perform, store, transcriber),
        record=_record,
        usage=lambda heard: heard.transcript.usage,
    )
    run_step(db, queue, user_id, step_id, work)


def _to_hear(tx: Transaction, step: Step) -> _ToHear | None:
    """None when the recording is gone, or the part was listened to before."""
    to_read = media_to_read(tx, step)
    if to_read is None:
        return None
    parts = parts_of_recording(tx, step.user_id, to_read.media.id)
    part = next((part for part in parts if part.index == step.part_index), None)
    return None if part is None or part.is_transcribed else _ToHear(part=part, language=to_read.language)


def _perform(store: ObjectStore, transcriber: Transcriber, to_hear: _ToHear) -> _Heard | Outcome:
    try:
        audio = store.read(to_hear.part.object_key, etag=None, max_bytes=MOST_BYTES)
    except NotFound:
        # When the session is processed again, the recording is cut anew.
        return Outcome(state=StepState.FAILED, reason="missing")
    transcript = transcriber.transcribe(audio, file_name=_FILE_NAME, language=to_hear.language)
    return _Heard(part=to_hear.part, transcript=transcript)


def _record(tx: Transaction, _: Step, heard: _Heard) -> None:
    segments = by_recording_clock(heard.part.stretches, heard.transcript.segments)
    keep_heard(tx, heard.part, segments, provider=heard.transcript.usage.provider)

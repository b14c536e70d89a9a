"""Cuts a long recording into parts a provider takes, without its long silences."""

from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import IO

from shared.db.connection import Database, Transaction
from shared.db.write_patiently import write_patiently
from shared.enrichment.audio_probe import probe_audio
from shared.enrichment.listen_to_part import listen_to_part
from shared.enrichment.listening import speech_ms
from shared.enrichment.loudness import measure_loudness
from shared.enrichment.media_to_read import MediaToRead, downloaded, media_to_read
from shared.enrichment.model import MediaRejected, Outcome
from shared.enrichment.part_cutting import CONTENT_TYPE, EXTENSION, CutPart, cut_parts
from shared.enrichment.part_plan import plan_parts
from shared.enrichment.run_step import Work, run_step
from shared.enrichment.silence import speaking_stretches
from shared.errors import NotFound, Outdated
from shared.ids import StepId, UserId, new_id
from shared.jobs.model import Step, StepState
from shared.media.keep_recording_parts import keep_recording_parts
from shared.media.model import MediaFile
from shared.media.note_duration import note_duration
from shared.media.recording_part import RecordingPart
from shared.media.recording_parts import parts_of_recording
from shared.media.store import ObjectStore
from shared.outbox.model import Announcement
from shared.outbox.queue import Queue
from shared.outbox.take_back import take_back
from shared.sessions.foresee_discard import foresee_discard
from shared.values import frozen

PARTS_PREFIX = "parts/"
"""Where the objects of parts lie: apart from what was uploaded."""

_DECODING_SECONDS = 700  # four hours take about two minutes; the function has 900


@frozen
class _Long:
    media: MediaFile
    parts: Sequence[RecordingPart]


@frozen
class _Split:
    """`duration_ms` and `speech_ms` are None when it had been cut before; `foreseen` is what discards the parts."""

    parts: Sequence[RecordingPart]
    foreseen: Sequence[Announcement] = ()
    duration_ms: int | None = None
    speech_ms: int | None = None


def split_recording(db: Database, queue: Queue, store: ObjectStore, *, user_id: UserId, step_id: StepId) -> None:
    """Cut the step's recording and have each part listened to. Raises VendorDown when a later try may help.

    A recording that was cut before stays as it was cut. Parts whose rows nobody writes, because their worker died, lost
    its lease or came too late for a deletion, are discarded an hour later.
    """
    work = Work(
        prepare=_long, perform=partial(_perform, db, store), record=_record, usage=lambda _: None, asks_provider=False
    )
    run_step(db, queue, user_id, step_id, work)


def part_key(media: MediaFile, index: int) -> str:
    """A key nobody has used: a second run must not write over what a first one is said to have written."""
    return f"{PARTS_PREFIX}{media.session_id}/{media.id}/{index}-{new_id()}.{EXTENSION}"


def _long(tx: Transaction, step: Step) -> _Long | None:
    to_read: MediaToRead | None = media_to_read(tx, step)
    if to_read is None:
        return None
    return _Long(media=to_read.media, parts=parts_of_recording(tx, step.user_id, to_read.media.id))


def _perform(db: Database, store: ObjectStore, recording: _Long) -> _Split | Outcome:
    if recording.parts:
        return _Split(parts=recording.parts)
    try:
        with downloaded(store, recording.media) as file:
            return _cut(db, store, recording.media, file)
    except NotFound:  # the account was deleted before anything was written, and this step with it
        return Outcome(state=StepState.SKIPPED, reason="nothing_to_do")


def _cut(db: Database, store: ObjectStore, media: MediaFile, file: IO[bytes]) -> _Split:
    until = monotonic() + _DECODING_SECONDS
    facts = probe_audio(file)
    levels = measure_loudness(file, facts.container, until=until)
    stretches = speaking_stretches(levels)
    if not stretches:
        raise MediaRejected("Nobody speaks in this recording.", code="no_speech")
    plan = plan_parts(levels, stretches)
    keys, foreseen = write_patiently(partial(_foresee, db, media, len(plan)))
    # Each part is stored before the next one is cut, so that a few of them are held at a time.
    parts = [
        _stored(store, media, part, keys[part.index]) for part in cut_parts(file, facts.container, plan, until=until)
    ]
    return _Split(parts=parts, foreseen=foreseen, duration_ms=facts.duration_ms, speech_ms=speech_ms(stretches))


def _foresee(db: Database, media: MediaFile, parts: int) -> tuple[list[str], list[Announcement]]:
    """Keys of its own with each try: one whose COMMIT nobody heard of may have its keys discarded all the same."""
    keys = [part_key(media, index) for index in range(parts)]
    with db.transaction(media.user_id) as tx:
        return keys, foresee_discard(tx, media.user_id, keys)


def _stored(store: ObjectStore, media: MediaFile, part: CutPart, key: str) -> RecordingPart:
    store.write(key, part.data, content_type=CONTENT_TYPE)
    return RecordingPart(
        user_id=media.user_id,
        media_id=media.id,
        session_id=media.session_id,
        index=part.index,
        stretches=part.plan.stretches,
        object_key=key,
    )


def _record(tx: Transaction, step: Step, split: _Split) -> list[Announcement]:
    """Raises Outdated when the parts are being discarded already, for it took so long: then it is cut again."""
    if not take_back(tx, split.foreseen):
        raise Outdated("The parts of this recording were discarded before they were kept.")
    if split.duration_ms is not None and split.speech_ms is not None:
        media_id = split.parts[0].media_id
        note_duration(tx, step.user_id, media_id, duration_ms=split.duration_ms, speech_ms=split.speech_ms)
        keep_recording_parts(tx, split.parts)
    left = [part for part in split.parts if not part.is_transcribed]
    return [announcement for part in left for announcement in listen_to_part(tx, step, part)]

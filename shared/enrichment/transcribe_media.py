"""Turns a recording into text with times: a short one by itself, a long one by its parts.

A long recording takes its step through here twice. First the step finds that a provider would not take the recording
in one piece, asks for it to be cut and waits. When every part was listened to it is made ready again, and joins them.
"""

from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import IO

from shared.ai.capabilities import Segment, Transcriber, Usage
from shared.db.connection import Database, Transaction
from shared.enrichment.audio_probe import AudioFacts, probe_audio
from shared.enrichment.audio_repack import aac_to_m4a
from shared.enrichment.listen_to_part import listen_to_part
from shared.enrichment.listening import fits_one_piece, is_worth_cutting, speech_ms
from shared.enrichment.loudness import measure_loudness
from shared.enrichment.media_to_read import MediaToRead, downloaded, media_to_read
from shared.enrichment.model import DecodingTooSlow, MediaRejected, Outcome
from shared.enrichment.part_words import join_parts
from shared.enrichment.run_step import Work, run_step
from shared.enrichment.silence import speaking_stretches
from shared.ids import StepId, UserId
from shared.jobs.add_step import add_step
from shared.jobs.model import FOR_PARTS, Step, StepKind, StepState
from shared.media.forget_recording_parts import forget_recording_parts
from shared.media.model import MediaFile
from shared.media.note_duration import note_duration
from shared.media.recording_part import RecordingPart
from shared.media.recording_parts import parts_of_recording
from shared.media.store import ObjectStore
from shared.outbox.model import Announcement
from shared.outbox.queue import Queue
from shared.sessions.announce_discard import announce_discard
from shared.sessions.write_block_text import write_block_text
from shared.values import frozen

_DECODING_SECONDS = 45  # twenty minutes take about two


@frozen
class _Recording:
    step: Step
    to_read: MediaToRead
    parts: Sequence[RecordingPart]

    @property
    def media(self) -> MediaFile:
        return self.to_read.media


@frozen
class _Measured:
    duration_ms: int
    speech_ms: int


@frozen
class _Heard:
    """What is kept: `measured` and `usage` of a short recording, `parts` of a long one, which told them before."""

    media: MediaFile
    segments: Sequence[Segment]
    origin: str
    measured: _Measured | None = None
    usage: Usage | None = None
    parts: Sequence[RecordingPart] = ()


def transcribe_media(
    db: Database, queue: Queue, store: ObjectStore, transcriber: Transcriber, *, user_id: UserId, step_id: StepId
) -> None:
    """Transcribe the step's recording. Raises VendorDown when a later try may help."""
    work = Work(
        prepare=_recording,
        perform=partial(_perform, store, transcriber),
        record=_record,
        usage=lambda heard: heard.usage,
    )
    run_step(db, queue, user_id, step_id, work)


def _recording(tx: Transaction, step: Step) -> _Recording | None:
    to_read = media_to_read(tx, step)
    if to_read is None:
        return None
    return _Recording(step=step, to_read=to_read, parts=parts_of_recording(tx, step.user_id, to_read.media.id))


def _perform(store: ObjectStore, transcriber: Transcriber, recording: _Recording) -> _Heard | Outcome:
    if recording.parts:
        return _join(recording) if all(part.is_transcribed for part in recording.parts) else _go_on(store, recording)
    with downloaded(store, recording.media) as file:
        facts = probe_audio(file)
        if not fits_one_piece(facts):
            return _wait_for_parts(recording.step)
        try:
            levels = measure_loudness(file, facts.container, until=monotonic() + _DECODING_SECONDS)
        except DecodingTooSlow:
            return _wait_for_parts(recording.step)  # whoever cuts has three times as long as a worker here
        stretches = speaking_stretches(levels)
        if not stretches:
            raise MediaRejected("Nobody speaks in this recording.", code="no_speech")
        if is_worth_cutting(facts, stretches):
            return _wait_for_parts(recording.step)
        measured = _Measured(duration_ms=facts.duration_ms, speech_ms=speech_ms(stretches))
        return _listen(transcriber, recording, file, facts, measured)


def _listen(
    transcriber: Transcriber, recording: _Recording, file: IO[bytes], facts: AudioFacts, measured: _Measured
) -> _Heard:
    file.seek(0)
    audio, extension = file.read(), facts.extension
    if extension == "aac":
        audio, extension = aac_to_m4a(audio), "m4a"
    transcript = transcriber.transcribe(audio, file_name=f"audio.{extension}", language=recording.to_read.language)
    if not transcript.text:
        raise MediaRejected("Nobody speaks in this recording.", code="no_speech", usage=transcript.usage)
    return _Heard(
        media=recording.media,
        segments=transcript.segments,
        origin=transcript.usage.provider,
        measured=measured,
        usage=transcript.usage,
    )


def _join(recording: _Recording) -> _Heard:
    segments = join_parts(recording.parts)
    if not segments:
        raise MediaRejected("Nobody speaks in this recording.", code="no_speech")
    origin = next(part.provider for part in recording.parts if part.provider)
    return _Heard(media=recording.media, segments=segments, origin=origin, parts=recording.parts)


def _go_on(store: ObjectStore, recording: _Recording) -> Outcome:
    """Parts that were listened to in an earlier job are not paid for again; if one of the others is gone, all are."""
    left = [part for part in recording.parts if not part.is_transcribed]
    if any(store.look(part.object_key) is None for part in left):
        return _wait_for_parts(recording.step, is_anew=True)

    def write(tx: Transaction) -> list[Announcement]:
        return [announcement for part in left for announcement in listen_to_part(tx, recording.step, part)]

    return Outcome(state=StepState.WAITING, reason=FOR_PARTS, write=write)


def _wait_for_parts(step: Step, *, is_anew: bool = False) -> Outcome:
    def write(tx: Transaction) -> list[Announcement]:
        useless: list[str] = []
        if is_anew and step.media_id is not None:
            useless = forget_recording_parts(tx, step.user_id, step.media_id)
        added = add_step(
            tx,
            step.user_id,
            job_id=step.job_id,
            session_id=step.session_id,
            kind=StepKind.SPLIT_AUDIO,
            media_id=step.media_id,
        )
        return [*added, *announce_discard(tx, step.user_id, useless)]

    return Outcome(state=StepState.WAITING, reason=FOR_PARTS, write=write)


def _record(tx: Transaction, step: Step, heard: _Heard) -> list[Announcement]:
    """The parts' files are done with only when their text is kept, in this transaction."""
    if heard.measured is not None:
        note_duration(
            tx,
            step.user_id,
            heard.media.id,
            duration_ms=heard.measured.duration_ms,
            speech_ms=heard.measured.speech_ms,
        )
    write_block_text(
        tx,
        step.user_id,
        heard.media.id,
        text=" ".join(segment.text for segment in heard.segments),
        origin=heard.origin,
        segments=heard.segments,
    )
    return announce_discard(tx, step.user_id, [part.object_key for part in heard.parts])

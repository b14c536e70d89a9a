"""Turns a recording into text with times."""

from dataclasses import dataclass, replace
from functools import partial

from shared.ai.capabilities import Transcriber, Transcript
from shared.db.connection import Database, Transaction
from shared.enrichment.audio_probe import probe_audio
from shared.enrichment.audio_repack import aac_to_m4a
from shared.enrichment.media_to_read import MediaToRead, media_to_read, read_bytes
from shared.enrichment.model import MediaRejected
from shared.enrichment.run_step import Work, run_step
from shared.ids import MediaId, StepId, UserId
from shared.jobs.model import Step
from shared.media.note_duration import note_duration
from shared.media.store import ObjectStore
from shared.outbox.queue import Queue
from shared.sessions.write_block_text import write_block_text


@dataclass(frozen=True, kw_only=True)
class _Heard:
    media_id: MediaId
    duration_ms: int
    transcript: Transcript


def transcribe_media(
    db: Database, queue: Queue, store: ObjectStore, transcriber: Transcriber, *, user_id: UserId, step_id: StepId
) -> None:
    """Transcribe the step's recording. Raises VendorDown when a later try may help."""
    work = Work(
        prepare=media_to_read,
        perform=partial(_perform, store, transcriber),
        record=_record,
        usage=lambda heard: heard.transcript.usage,
    )
    run_step(db, queue, user_id, step_id, work)


def _perform(store: ObjectStore, transcriber: Transcriber, recording: MediaToRead) -> _Heard:
    audio = read_bytes(store, recording.media)
    facts = probe_audio(audio)
    if facts.extension == "aac":
        audio, facts = aac_to_m4a(audio), replace(facts, extension="m4a")
    transcript = transcriber.transcribe(audio, file_name=f"audio.{facts.extension}", language=recording.language)
    if not transcript.text:
        raise MediaRejected("Nobody speaks in this recording.", code="no_speech", usage=transcript.usage)
    return _Heard(media_id=recording.media.id, duration_ms=facts.duration_ms, transcript=transcript)


def _record(tx: Transaction, step: Step, heard: _Heard) -> None:
    note_duration(tx, step.user_id, heard.media_id, heard.duration_ms)
    write_block_text(
        tx,
        step.user_id,
        heard.media_id,
        text=heard.transcript.text,
        origin=heard.transcript.usage.provider,
        segments=heard.transcript.segments,
    )

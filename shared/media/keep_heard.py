"""Keeps what was heard in a part of a long recording."""

from collections.abc import Sequence

from shared.ai.capabilities import Segment
from shared.db.connection import Transaction
from shared.media import recording_part_repository
from shared.media.recording_part import RecordingPart


def keep_heard(tx: Transaction, part: RecordingPart, segments: Sequence[Segment], *, provider: str) -> None:
    """`segments` are by the clock of the whole recording; none when nobody speaks in the part."""
    recording_part_repository.set_heard(
        tx, part.user_id, part.media_id, part.index, segments=segments, provider=provider
    )

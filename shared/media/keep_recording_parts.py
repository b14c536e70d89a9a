"""Keeps how a long recording was cut."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.media import recording_part_repository
from shared.media.recording_part import RecordingPart


def keep_recording_parts(tx: Transaction, parts: Sequence[RecordingPart]) -> None:
    """All parts of one recording, at once: whoever finds one finds all."""
    for part in parts:
        recording_part_repository.insert(tx, part)

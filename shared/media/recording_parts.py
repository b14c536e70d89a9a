"""Questions about the parts of long recordings that other rooms ask."""

from shared.db.connection import Transaction
from shared.ids import MediaId, SessionId, UserId
from shared.media import recording_part_repository
from shared.media.recording_part import RecordingPart


def parts_of_recording(tx: Transaction, user_id: UserId, media_id: MediaId) -> list[RecordingPart]:
    """In order; none when it was not cut."""
    return recording_part_repository.of_media(tx, user_id, media_id)


def part_keys_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[str]:
    """The objects of all parts of a session's recordings."""
    return recording_part_repository.keys_of_session(tx, user_id, session_id)

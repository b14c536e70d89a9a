"""Keeps what was read in a media file, on the block that names it."""

from collections.abc import Sequence

from shared.ai.capabilities import Segment
from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.sessions import block_repository


def write_block_text(
    tx: Transaction,
    user_id: UserId,
    media_id: MediaId,
    *,
    text: str,
    origin: str,
    segments: Sequence[Segment],
) -> None:
    """`origin` is the provider; a text the user wrote meanwhile stays."""
    block_repository.write_text(tx, user_id, media_id, text=text, origin=origin, segments=segments)

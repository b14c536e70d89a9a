"""Adds captured things to an open session."""

from collections.abc import Sequence

from shared.db.connection import Database, Transaction
from shared.errors import Conflict, Invalid, NotFound
from shared.idempotency.keep import Keep, keep_nothing
from shared.ids import BlockId, MediaId, SessionId, UserId, new_id
from shared.media.find_media import find_media
from shared.sessions import block_repository
from shared.sessions.lock_session import lock_open_session, lock_session
from shared.sessions.model import BLOCK_OF_MEDIA, Block, NewBlock


def add_blocks(
    db: Database,
    user_id: UserId,
    session_id: SessionId,
    blocks: Sequence[NewBlock],
    *,
    keep: Keep[tuple[list[Block], bool]] = keep_nothing,
) -> tuple[list[Block], bool]:
    """The blocks as stored, and whether any is new: all are added or none.

    A repeat (same ids) answers the stored blocks, also after finalize, so that a phone may retry.
    Raises NotFound, Conflict (finalized; an id or media already used by another block) and Invalid.
    """
    with db.transaction(user_id) as tx:
        lock_session(tx, user_id, session_id)
        added = _added(tx, user_id, session_id, blocks)
        keep(tx, added)
    return added


def _added(
    tx: Transaction, user_id: UserId, session_id: SessionId, blocks: Sequence[NewBlock]
) -> tuple[list[Block], bool]:
    repeated = _already_stored(tx, user_id, session_id, blocks)
    if repeated is not None:
        return repeated, False
    lock_open_session(tx, user_id, session_id)
    return [_add(tx, user_id, session_id, block) for block in blocks], True


def _already_stored(
    tx: Transaction, user_id: UserId, session_id: SessionId, blocks: Sequence[NewBlock]
) -> list[Block] | None:
    """All of them, when every one has an id that is stored in this session."""
    stored: list[Block] = []
    for block in blocks:
        found = None if block.id is None else block_repository.find(tx, user_id, session_id, block.id)
        if found is None:
            return None
        stored.append(found)
    return stored


def _add(tx: Transaction, user_id: UserId, session_id: SessionId, new: NewBlock) -> Block:
    stored = None if new.id is None else block_repository.find(tx, user_id, session_id, new.id)
    if stored is not None:
        return stored
    if new.media_id is not None:
        _check_media(tx, user_id, session_id, new, new.media_id)
        block_repository.delete_made_for_upload(tx, user_id, new.media_id)
    added = block_repository.insert(tx, user_id, session_id, new.id or BlockId(new_id()), new)
    if added is None:
        raise Conflict("Another block already has this id, or names this media file.", code="block_exists")
    return added


def _check_media(tx: Transaction, user_id: UserId, session_id: SessionId, new: NewBlock, media_id: MediaId) -> None:
    media = find_media(tx, user_id, media_id)
    if media is None or media.session_id != session_id:
        raise NotFound("This session has no such media file: presign it first.")
    if BLOCK_OF_MEDIA[media.type] is not new.block_type:
        raise Invalid(f"A block of type {new.block_type} cannot name a media file of type {media.type}.")

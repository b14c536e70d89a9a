"""Reads the next of a user's blocks that the new model has not embedded."""

from collections.abc import Iterator

from shared.db.connection import Transaction
from shared.ids import BlockId, UserId
from shared.reembedding.portion import BATCH_TEXTS, Portion
from shared.search.drafting import Revision, draft_note, texts_to_embed
from shared.search.spaces import blocks_without
from shared.sessions.blocks_by_ids import blocks_by_ids
from shared.sessions.model import Block, Session
from shared.sessions.sessions_by_ids import sessions_by_ids

_MOST_BLOCKS = 50


def read_portion(tx: Transaction, user_id: UserId, *, model_id: int, after: BlockId | None) -> Portion | None:
    """Blocks after that one, by id, for one call to the embedder; None when there are none.

    A block whose text was made blank, and whose own step has not been there yet, is among them without any chunk.
    """
    places = blocks_without(tx, user_id, model_id=model_id, after=after, limit=_MOST_BLOCKS)
    if not places:
        return None
    blocks = blocks_by_ids(tx, user_id, [place.block_id for place in places])
    sessions = sessions_by_ids(tx, user_id, [place.session_id for place in places])
    pairs = [
        (sessions[p.session_id], blocks[p.block_id])
        for p in places
        if p.block_id in blocks and p.session_id in sessions  # either may have been deleted since
    ]
    taken = list(_taken(pairs))
    return Portion(
        blocks=[pair for pair, _ in taken],
        revisions=[revision for _, revision in taken],
        last=taken[-1][0][1].id if taken else places[-1].block_id,
    )


def _taken(pairs: list[tuple[Session, Block]]) -> Iterator[tuple[tuple[Session, Block], Revision]]:
    texts = 0
    for session, block in pairs:
        if texts >= BATCH_TEXTS:
            return
        revision = _revision(session, block)
        texts += len(texts_to_embed(revision.drafts))
        yield (session, block), revision


def _revision(session: Session, block: Block) -> Revision:
    drafts = draft_note(
        block.text_content or "",
        block.segments,
        captured_at=block.captured_at,
        time_zone=session.time_zone,
        language=session.language,
    )
    return Revision(drafts=drafts)

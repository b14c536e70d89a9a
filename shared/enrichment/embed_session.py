"""Makes the text of a session findable by meaning: all its blocks, or the one that was edited."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from shared.ai.capabilities import Usage
from shared.ai.embedders import Embedders
from shared.db.connection import Database, Transaction
from shared.enrichment.run_step import Work, run_step
from shared.errors import NotFound
from shared.ids import BlockId, StepId, UserId
from shared.jobs.model import Step
from shared.outbox.queue import Queue
from shared.search.drafting import Revision, draft_note, embed_revisions
from shared.search.embedder_of import embedder_of
from shared.search.find_kept import find_kept
from shared.search.find_space import find_space
from shared.search.hold_space import hold_space
from shared.search.intern_model import intern_model
from shared.search.key_words import key_words
from shared.search.model import ChunkDraft, NewChunk, Space
from shared.search.replace_chunks import replace_chunks
from shared.sessions.blocks_of_session import blocks_of_session
from shared.sessions.find_session import find_session
from shared.sessions.model import Block, Session
from shared.values import frozen


@frozen
class _Readable:
    """Blocks to be embedded for a space, which is None for a user's first; `kept`: hashes of their chunks in it."""

    session: Session
    space: Space | None
    blocks: Sequence[Block]
    kept: Mapping[BlockId, Mapping[int, bytes]]


@frozen
class _Findable:
    """The chunks of one block, made of `text`; none when that is blank."""

    block_id: BlockId
    text: str | None
    chunks: Sequence[NewChunk | ChunkDraft]


@frozen
class _Made:
    """`model_id` is None when the model was given no number yet, for these are a user's first chunks."""

    model_id: int | None
    provider: str
    model: str
    blocks: Sequence[_Findable]
    usage: Usage | None


def embed_session(db: Database, queue: Queue, embedders: Embedders, *, user_id: UserId, step_id: StepId) -> None:
    """Embed the step's session, or its one block, by the user's own model.

    Raises VendorDown when a later try may help, and Busy when the user was moved to another model meanwhile.
    """
    work = Work(prepare=_blocks, perform=partial(_perform, embedders), record=_record, usage=lambda made: made.usage)
    run_step(db, queue, user_id, step_id, work)
    key_words(db, user_id)


def _blocks(tx: Transaction, step: Step) -> _Readable | None:
    session = find_session(tx, step.user_id, step.session_id)
    blocks = blocks_of_session(tx, step.user_id, step.session_id)
    wanted = [block for block in blocks if step.block_id in (None, block.id)]
    if session is None or not wanted:
        return None
    space = find_space(tx, step.user_id)
    if space is None:
        return _Readable(session=session, space=None, blocks=wanted, kept={})
    kept = find_kept(tx, step.user_id, block_ids=[block.id for block in wanted], model_id=space.model_id)
    return _Readable(session=session, space=space, blocks=wanted, kept=kept)


def _perform(embedders: Embedders, readable: _Readable) -> _Made:
    space, blocks = readable.space, readable.blocks
    embedder = embedders.current if space is None else embedder_of(embedders, space)
    revisions = [
        Revision(drafts=_drafts(readable.session, block), kept=readable.kept.get(block.id, {})) for block in blocks
    ]
    chunks, usage = embed_revisions(embedder, revisions)
    return _Made(
        model_id=None if space is None else space.model_id,
        provider=embedder.provider,
        model=embedder.model,
        blocks=[
            _Findable(block_id=block.id, text=block.text_content, chunks=of_block)
            for block, of_block in zip(blocks, chunks, strict=True)
        ],
        usage=usage,
    )


def _drafts(session: Session, block: Block) -> Sequence[ChunkDraft]:
    return draft_note(
        block.text_content or "",
        block.segments,
        captured_at=block.captured_at,
        time_zone=session.time_zone,
        language=session.language,
    )


def _record(tx: Transaction, step: Step, made: _Made) -> None:
    """A block that was edited meanwhile, during a rerun, is left to the step of its edit: that may be done already."""
    session = find_session(tx, step.user_id, step.session_id)
    if session is None:
        return
    model_id = made.model_id or intern_model(tx, provider=made.provider, model=made.model)
    hold_space(tx, step.user_id, model_id=model_id, language=session.language)
    texts = {block.id: block.text_content for block in blocks_of_session(tx, step.user_id, step.session_id)}
    for block in made.blocks:
        if texts.get(block.block_id, block.text) != block.text:
            continue
        # A block may have been deleted meanwhile: then there is nothing left to find.
        with suppress(NotFound):
            replace_chunks(
                tx,
                step.user_id,
                session_id=step.session_id,
                block_id=block.block_id,
                model_id=model_id,
                language=session.language,
                chunks=block.chunks,
            )

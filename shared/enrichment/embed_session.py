"""Makes the text of a session findable by meaning: all its blocks, or the one that was edited."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice

from shared.ai.capabilities import Embedded, Embedder, Usage
from shared.db.connection import Database, Transaction
from shared.enrichment.run_step import Work, run_step
from shared.errors import NotFound
from shared.ids import BlockId, StepId, UserId
from shared.jobs.model import Step
from shared.outbox.queue import Queue
from shared.search.drafting import draft_chunks, texts_to_embed, with_vectors
from shared.search.intern_model import intern_model
from shared.search.model import ChunkDraft, NewChunk
from shared.search.replace_chunks import replace_chunks
from shared.sessions.blocks_of_session import blocks_of_session
from shared.sessions.find_session import find_session
from shared.sessions.model import Block


@dataclass(frozen=True, kw_only=True)
class _Findable:
    """The chunks of one block, made of `text`; none when that is blank."""

    block_id: BlockId
    text: str | None
    chunks: Sequence[NewChunk]


@dataclass(frozen=True, kw_only=True)
class _Made:
    provider: str
    model: str
    blocks: Sequence[_Findable]
    usage: Usage | None


def embed_session(db: Database, queue: Queue, embedder: Embedder, *, user_id: UserId, step_id: StepId) -> None:
    """Embed the step's session, or its one block. Raises VendorDown when a later try may help."""
    work = Work(prepare=_blocks, perform=partial(_perform, embedder), record=_record, usage=lambda made: made.usage)
    run_step(db, queue, user_id, step_id, work)


def _blocks(tx: Transaction, step: Step) -> list[Block] | None:
    blocks = blocks_of_session(tx, step.user_id, step.session_id)
    return [block for block in blocks if step.block_id in (None, block.id)] or None


def _perform(embedder: Embedder, blocks: Sequence[Block]) -> _Made:
    drafts = [draft_chunks(block.text_content or "", block.segments) for block in blocks]
    texts = [text for of_block in drafts for text in texts_to_embed(of_block)]
    embedded = embedder.embed(texts) if texts else None
    return _Made(
        provider=embedder.provider,
        model=embedder.model,
        blocks=list(_findable(blocks, drafts, embedded)),
        usage=embedded.usage if embedded else None,
    )


def _findable(
    blocks: Sequence[Block], drafts: Sequence[Sequence[ChunkDraft]], embedded: Embedded | None
) -> Iterator[_Findable]:
    """Hand each block the vectors of its own texts; they came back in the order they were sent."""
    vectors = iter(embedded.vectors if embedded else ())
    for block, of_block in zip(blocks, drafts, strict=True):
        own = list(islice(vectors, len(texts_to_embed(of_block))))
        yield _Findable(block_id=block.id, text=block.text_content, chunks=with_vectors(of_block, own))


def _record(tx: Transaction, step: Step, made: _Made) -> None:
    """A block that was edited meanwhile, during a rerun, is left to the step of its edit: that may be done already."""
    model_id = intern_model(tx, provider=made.provider, model=made.model)
    session = find_session(tx, step.user_id, step.session_id)
    if session is None:
        return
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

"""Embeds some of a user's blocks by the new model, beside what they are searched by."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from shared.ai.capabilities import Usage
from shared.ai.record_usage import record_usage
from shared.ai.vendor_errors import usage_of_failure
from shared.db.connection import Database, Transaction
from shared.errors import Conflict, NotFound, VendorDown, VendorRefused
from shared.ids import UserId
from shared.metrics import count
from shared.reembedding import repository
from shared.reembedding.portion import Mover, Portion
from shared.search.drafting import embed_revisions
from shared.search.model import ChunkDraft, NewChunk
from shared.search.place_beside import place_beside
from shared.sessions.blocks_by_ids import blocks_by_ids
from shared.sessions.lock_session import lock_session


class DaySpent(Conflict):
    """What moving users may take in a day is taken: it goes on tomorrow (UTC)."""

    code = "reembedding_day_spent"


def embed_portion(db: Database, mover: Mover, user_id: UserId, portion: Portion) -> int:
    """How many blocks the new model has now. Killed at any moment, no more than this call is paid for in vain.

    Raises:
        DaySpent: nobody was asked, for it would take more than is left of this day's tokens.
        VendorDown: the provider, or our way to it, fails.
        VendorRefused: the provider will not take a block, by itself.
    """
    try:
        return _embed(db, mover, user_id, portion)
    except VendorRefused:
        if len(portion.blocks) == 1:
            raise
    return sum(_embed(db, mover, user_id, single) for single in portion.singles)


def _embed(db: Database, mover: Mover, user_id: UserId, portion: Portion) -> int:
    _reserve(db, mover, portion)
    try:
        chunks, usage = embed_revisions(mover.embedder, portion.revisions)
    except (VendorDown, VendorRefused) as failure:
        with db.transaction(user_id) as tx:
            _pay(tx, user_id, portion, usage_of_failure(failure))
        raise
    with db.transaction(user_id) as tx:
        placed = _place(tx, mover, user_id, portion, chunks)
        _pay(tx, user_id, portion, usage)
        count("blocks_reembedded", placed)
    return placed


def _reserve(db: Database, mover: Mover, portion: Portion) -> None:
    """Before the call, so that one that is never told of is counted as well."""
    with db.transaction(None) as tx:
        if not repository.reserve_tokens(tx, tokens=portion.tokens, tokens_a_day=mover.tokens_a_day):
            raise DaySpent(f"The {mover.tokens_a_day} tokens of this day are taken. Users are moved on tomorrow.")


def _place(
    tx: Transaction,
    mover: Mover,
    user_id: UserId,
    portion: Portion,
    chunks: Sequence[Sequence[NewChunk | ChunkDraft]],
) -> int:
    """Of blocks that are as they were when they were read; the others come again."""
    for session_id in portion.session_ids:
        with suppress(NotFound):
            lock_session(tx, user_id, session_id)
    now = blocks_by_ids(tx, user_id, [block.id for _, block in portion.blocks])
    placed = 0
    for (session, block), of_block in zip(portion.blocks, chunks, strict=True):
        if not of_block or block.id not in now or now[block.id].version != block.version:
            continue
        placed += place_beside(
            tx,
            user_id,
            session_id=session.id,
            block_id=block.id,
            model_id=mover.model_id,
            language=session.language,
            chunks=of_block,
        )
    return placed


def _pay(tx: Transaction, user_id: UserId, portion: Portion, usage: Usage | None) -> None:
    """Keep what it cost, and correct by it what was reserved. Who does not tell is taken to have used that."""
    calls = () if usage is None else (*usage.wasted, usage)
    told = sum(call.tokens for call in calls)
    used = told or (portion.tokens if calls else 0)
    if usage is not None:
        wasted = tuple(replace(call, operation="reembed") for call in usage.wasted)
        record_usage(tx, user_id, replace(usage, operation="reembed", wasted=wasted))
    repository.add_tokens(tx, user_id, tokens=used)
    repository.correct_tokens(tx, by=used - portion.tokens)

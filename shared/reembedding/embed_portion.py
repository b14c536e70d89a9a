"""Embeds some of a user's blocks by the new model, beside what they are searched by."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from shared.ai.capabilities import Usage
from shared.ai.is_recorded import is_recorded
from shared.ai.record_usage import record_usage
from shared.ai.vendor_errors import usage_of_failure
from shared.db.connection import Database, Transaction
from shared.db.write_patiently import write_patiently
from shared.errors import Conflict, NotFound, SecondBrainError, VendorDown, VendorRefused
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
        Busy: something of the user's was held for too long. What was made is made again another time.
        NotFound: the user is gone.
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
        _settle(db, user_id, portion, usage_of_failure(failure))
        raise
    try:
        with db.transaction(user_id) as tx:
            placed = _place(tx, mover, user_id, portion, chunks)
            _pay(tx, user_id, portion, usage)
            count("blocks_reembedded", placed)
    except SecondBrainError:
        _settle(db, user_id, portion, usage)
        raise
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


def _settle(db: Database, user_id: UserId, portion: Portion, usage: Usage | None) -> None:
    """Count a call whose chunks nobody keeps. A user who is gone owes nothing, but the day's tokens were taken."""
    try:
        write_patiently(partial(_pay_alone, db, user_id, portion, usage))
    except NotFound:
        with db.transaction(None) as tx:
            repository.correct_tokens(tx, by=_tokens(portion, usage) - portion.tokens)


def _pay_alone(db: Database, user_id: UserId, portion: Portion, usage: Usage | None) -> None:
    with db.transaction(user_id) as tx:
        if usage is None or not is_recorded(tx, user_id, usage):  # it is, when only the answer to COMMIT was lost
            _pay(tx, user_id, portion, usage)


def _pay(tx: Transaction, user_id: UserId, portion: Portion, usage: Usage | None) -> None:
    """Keep what it cost, and correct by it what was reserved."""
    tokens = _tokens(portion, usage)
    if usage is not None:
        wasted = tuple(replace(call, operation="reembed") for call in usage.wasted)
        record_usage(tx, user_id, replace(usage, operation="reembed", wasted=wasted))
    repository.add_tokens(tx, user_id, tokens=tokens)
    repository.correct_tokens(tx, by=tokens - portion.tokens)


def _tokens(portion: Portion, usage: Usage | None) -> int:
    """How many a call took. Who does not tell is taken to have used what was reserved."""
    if usage is None:
        return 0
    return sum(call.tokens for call in (*usage.wasted, usage)) or portion.tokens

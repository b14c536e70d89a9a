"""The recipe of both workers: claim, work, leave. No transaction is open while a bucket is asked."""

from collections.abc import Callable, Sequence

from shared.db.connection import Database, Transaction
from shared.errors import Busy, SecondBrainError, VendorDown
from shared.ids import UserId, new_id
from shared.metrics import count
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.announce_discard import announce_discard
from shared.takeout import repository
from shared.takeout.holding import Holding, TransferLost
from shared.takeout.model import (
    EXPORT_LIVES,
    MAX_ATTEMPTS,
    Transfer,
    TransferId,
    TransferKind,
    TransferState,
    WrittenObject,
    export_key,
)
from shared.telemetry import log
from shared.values import frozen

Work = Callable[[Holding], WrittenObject | None]
"""What is done with it; an export says what it has written. Raises SecondBrainError: VendorDown is tried again."""


@frozen
class _Outcome:
    """How it is left, and whether its message is to come back."""

    state: TransferState
    reason: str | None = None
    written: WrittenObject | None = None
    try_again_after: VendorDown | None = None


def run_transfer(
    db: Database, queue: Queue, work: Work, *, user_id: UserId, transfer_id: TransferId
) -> Transfer | None:
    """Do one export or import, whatever comes of it. A repeat, and one that is gone, change nothing.

    Returns the transfer when it was lost meanwhile: what was written for it is nobody's.
    Raises VendorDown when a later try may help, and Busy when the database is away: the message, or the sweep, brings
    it back.
    """
    held, announced = _claim(db, user_id, transfer_id)
    publish_announced(db, queue, announced)
    if held is None:
        return None
    holding = Holding(db=db, transfer=held)
    try:
        outcome = _try(holding, work)
        _leave(db, queue, holding, outcome)
    except TransferLost:
        log.warning("transfer taken over or gone", extra={"transfer_id": str(held.id)})
        return held
    if outcome.try_again_after is not None:
        raise outcome.try_again_after
    return None


def _try(holding: Holding, work: Work) -> _Outcome:
    held = holding.transfer
    if held.attempts > MAX_ATTEMPTS:
        return _Outcome(state=TransferState.FAILED, reason="gave_up")
    try:
        written = work(holding)
    except VendorDown as down:
        is_last = held.attempts >= MAX_ATTEMPTS
        state = TransferState.FAILED if is_last else TransferState.PENDING
        return _Outcome(state=state, reason=down.exact_code, try_again_after=None if is_last else down)
    except (Busy, TransferLost):
        raise
    except SecondBrainError as error:
        return _Outcome(state=TransferState.FAILED, reason=f"{error.exact_code}: {error.detail}")
    done = TransferState.READY if held.kind is TransferKind.EXPORT else TransferState.COMPLETED
    return _Outcome(state=done, written=written)


def _claim(db: Database, user_id: UserId, transfer_id: TransferId) -> tuple[Transfer | None, list[Announcement]]:
    """The transfer, now ours; None when it is finished, gone, or another's. An earlier try's file is thrown away."""
    with db.transaction(user_id) as tx:
        known = repository.find(tx, user_id, transfer_id, is_locked=True)
        if known is None:
            return None, []
        is_export = known.kind is TransferKind.EXPORT
        key = export_key(new_id()) if is_export else None
        held = repository.claim(tx, user_id, transfer_id, object_key=key)
        leftover = [known] if is_export and held is not None else []
        return held, _discard(tx, user_id, leftover)


def _leave(db: Database, queue: Queue, holding: Holding, outcome: _Outcome) -> None:
    """Raises TransferLost when it is not ours any more."""
    held, state = holding.transfer, outcome.state
    with db.transaction(held.user_id) as tx:
        is_ours = repository.leave(
            tx,
            held,
            state,
            counts=holding.counts,
            reason=outcome.reason,
            written=outcome.written,
            expires_in=EXPORT_LIVES if state is TransferState.READY else None,
        )
        if not is_ours:
            raise TransferLost("Another worker has taken it over.")
        announced = _discard(tx, held.user_id, _useless(tx, held, state))
        if state is not TransferState.PENDING:
            count("transfers", kind=held.kind, state=state)
    code = (outcome.reason or "").partition(":")[0]
    log.info(
        "transfer left",
        extra={"transfer_id": str(held.id), "kind": held.kind, "state": state, "reason": code or None},
    )
    publish_announced(db, queue, announced)


def _useless(tx: Transaction, held: Transfer, state: TransferState) -> Sequence[Transfer]:
    """Whose files nobody needs any more: earlier exports, once there is a newer; the ZIP of an import that ended."""
    if state is TransferState.PENDING:
        return []
    if state is not TransferState.READY:
        return [held]
    earlier = repository.earlier_exports(tx, held)
    for export in earlier:
        repository.end(tx, held.user_id, export.id, TransferState.EXPIRED, reason="replaced")
    return earlier


def _discard(tx: Transaction, user_id: UserId, transfers: Sequence[Transfer]) -> list[Announcement]:
    keys = [transfer.object_key for transfer in transfers if transfer.object_key is not None]
    return announce_discard(tx, user_id, keys)

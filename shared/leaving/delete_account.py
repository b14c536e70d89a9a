"""Deletes an account: known as deleted first, then as much of the rest as fits into the time there is."""

from shared import telemetry
from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import UserId, new_id
from shared.leaving.carry_on_deletion import Patience, carry_on_deletion
from shared.leaving.model import DELETE_QUEUE, Certificate
from shared.leaving.request_deletion import request_deletion
from shared.leaving.stores import Stores
from shared.metrics import count
from shared.outbox.message import Message
from shared.outbox.queue import Queue
from shared.telemetry import log


def delete_account(db: Database, stores: Stores, queue: Queue, user_id: UserId, patience: Patience) -> Certificate:
    """The certificate, with what is pending: a worker goes on with that. However often: the same one.

    Raises DatabaseUnavailable and Busy: then nothing was changed, or a repeat goes on.
    """
    with db.transaction(user_id) as tx:
        request_deletion(tx, user_id)
    count("deletions_requested")
    certificate = carry_on_deletion(db, stores, user_id, patience)
    if certificate.finished_at is None:
        _hand_over(queue, user_id)
    return certificate


def _hand_over(queue: Queue, user_id: UserId) -> None:
    """A queue that is down is no matter: the sweep hands it over."""
    correlation_id = telemetry.correlation_id() or str(new_id())
    try:
        queue.send(DELETE_QUEUE, [Message(id=new_id(), user_id=user_id, correlation_id=correlation_id, body={})])
    except VendorDown as error:
        log.warning("deletion left to the sweep", extra={"error": error.exact_code})

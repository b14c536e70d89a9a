"""Goes on with a deletion where whoever began it stopped: rows first, then every store outside.

Rows go first: in one transaction, which also writes down where objects may lie and whom others know. So the notes are
gone at once, workers find nothing to do, and nobody adds a file we would not know of. Each store outside is done with
by itself: one that cannot be reached keeps no other back. Everything may be done twice, and whoever dies is followed
by another (docs/adr/0033-rows-first-then-everybody-else.md).
"""

from collections.abc import Callable
from dataclasses import field
from time import monotonic

from shared.db.connection import Database, Transaction
from shared.errors import Busy, NotFound, VendorDown, VendorRefused
from shared.ids import UserId
from shared.leaving import repository
from shared.leaving.forget_customers import forget_customers
from shared.leaving.model import LAST_LOOK_AFTER, Certificate, Deletion, certify, counts_of
from shared.leaving.remove_objects import remove_objects
from shared.leaving.stores import Stores
from shared.metrics import count
from shared.telemetry import log
from shared.values import frozen

_TRIES = 3


@frozen
class Patience:
    """How long there is: nothing new is begun `within_seconds` after this was made; rows may take `for_rows_seconds`.

    `for_rows_seconds` None leaves the limit of the database's role.
    """

    within_seconds: float
    for_rows_seconds: int | None = None
    since: float = field(default_factory=monotonic)

    def is_over(self) -> bool:
        """Whether nothing new is begun."""
        return monotonic() - self.since >= self.within_seconds


def carry_on_deletion(db: Database, stores: Stores, account_id: UserId, patience: Patience) -> Certificate:
    """The certificate as it stands afterwards. Raises NotFound when nobody asked for a deletion."""
    deletion = _read(db, account_id)
    if not deletion.pending:
        return certify(deletion)
    if deletion.erased is None:
        _erase(db, account_id, patience)
        deletion = _read(db, account_id)
    if deletion.erased is not None:
        _leave(db, stores, deletion, patience)
        deletion = _read(db, account_id)
    if deletion.counts is None and not deletion.pending:
        deletion = _finish(db, deletion)
    log.info("deletion carried on", extra={"account_id": str(account_id), "pending": deletion.pending})
    return certify(deletion)


def _read(db: Database, account_id: UserId) -> Deletion:
    with db.transaction(account_id) as tx:
        deletion = repository.read(tx, account_id, last_look_after=LAST_LOOK_AFTER)
    if deletion is None:
        raise NotFound
    return deletion


def _erase(db: Database, account_id: UserId, patience: Patience) -> None:
    """All rows or none. Whoever still writes for this user is waited for; should that take too long, later."""
    for attempt in range(1, _TRIES + 1):
        try:
            with db.transaction(account_id) as tx:
                if patience.for_rows_seconds is not None:
                    repository.be_patient(tx, patience.for_rows_seconds)
                repository.erase(tx, account_id)
        except Busy as error:
            log.warning("rows not erased", extra={"account_id": str(account_id), "code": error.exact_code})
            if not error.is_momentary or attempt == _TRIES:
                return
        else:
            return


def _leave(db: Database, stores: Stores, deletion: Deletion, patience: Patience) -> None:
    """Have every store outside let go that has not yet; the bucket last, for that may take more than one go."""
    account_id = deletion.account_id
    let_go: dict[str, tuple[Callable[[], bool], Callable[[Transaction, UserId], None]]] = {
        "objects": (
            lambda: remove_objects(db, stores.objects, account_id, is_late=patience.is_over),
            repository.note_objects_gone,
        ),
        "stripe_customer": (lambda: forget_customers(db, stores.customers, deletion), repository.note_customer_gone),
        "firebase_user": (lambda: _delete_firebase_user(stores, deletion), repository.note_firebase_gone),
    }
    for name in sorted(deletion.pending, key="objects".__eq__):
        work, note = let_go[name]
        if not patience.is_over() and _is_let_go(name, work):
            with db.transaction(account_id) as tx:
                note(tx, account_id)
    if patience.is_over():
        with db.transaction(account_id) as tx:
            repository.put_off(tx, account_id)


def _delete_firebase_user(stores: Stores, deletion: Deletion) -> bool:
    if deletion.firebase_uid is not None:
        stores.accounts.delete(deletion.firebase_uid)
    return True


def _is_let_go(name: str, work: Callable[[], bool]) -> bool:
    try:
        return work()
    except (VendorDown, VendorRefused) as error:
        log.error("store not done with", extra={"store": name, "code": error.exact_code})
        count("deletions_held_up", store=name)
        return False


def _finish(db: Database, deletion: Deletion) -> Deletion:
    with db.transaction(deletion.account_id) as tx:
        if repository.finish(tx, deletion.account_id, counts_of(deletion), last_look_after=LAST_LOOK_AFTER):
            count("deletions_finished")
    return _read(db, deletion.account_id)

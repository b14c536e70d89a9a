"""Keeps a claimed export or import ours, and says how far it is, while its worker is at it."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from shared.db.connection import Database, Transaction
from shared.errors import Conflict
from shared.takeout import repository
from shared.takeout.model import BEAT_SECONDS, LEASE, READING_LEASE, Transfer


class TransferLost(Conflict):
    """Another worker has it by now, or its user is gone: what this one does is for nobody."""

    code = "transfer_lost"


@dataclass(kw_only=True)
class Holding:
    """`counts` is how far it is, by words of ours; whoever works beats often, which costs nothing most of the time."""

    db: Database
    transfer: Transfer
    counts: dict[str, int] = field(default_factory=dict[str, int])
    _due: float = field(default_factory=lambda: time.monotonic() + BEAT_SECONDS)

    def add(self, name: str, number: int = 1) -> None:
        """Count something, and beat."""
        self.counts[name] = self.counts.get(name, 0) + number
        self.beat()

    def beat(self) -> None:
        """Renew the lease if it is time. No transaction may be open. Raises TransferLost."""
        if time.monotonic() < self._due:
            return
        with self.db.transaction(self.transfer.user_id) as tx:
            self.fence(tx)

    def fence(self, tx: Transaction) -> None:
        """Renew the lease in a transaction that writes: no other worker takes it over before that ends.

        Raises TransferLost, so that whoever lost it writes nothing.
        """
        self._keep(tx, LEASE)

    @contextmanager
    def without_beats(self) -> Generator[None]:
        """A stretch in which the connection is busy: the lease lasts for all of it. Raises TransferLost."""
        user_id = self.transfer.user_id
        with self.db.transaction(user_id) as tx:
            self._keep(tx, READING_LEASE)
        yield
        with self.db.transaction(user_id) as tx:
            self.fence(tx)

    def _keep(self, tx: Transaction, lease: timedelta) -> None:
        if not repository.keep(tx, self.transfer, self.counts, lease=lease):
            raise TransferLost("Another worker has taken it over.")
        self._due = time.monotonic() + BEAT_SECONDS

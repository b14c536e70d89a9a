"""A request that came with an Idempotency-Key, while it is served."""

from dataclasses import dataclass
from typing import Literal

from shared.db.afterwards import when_committed
from shared.db.connection import Database, Transaction
from shared.edge.reply import Reply, written
from shared.errors import Busy, KeyRunning
from shared.idempotency.end_lease import end_lease
from shared.idempotency.keep_answer import keep_answer
from shared.idempotency.model import Claim
from shared.ids import UserId
from shared.telemetry import log


@dataclass(kw_only=True)
class Keyed:
    """Whose request it is, by which claim, and whether its answer is known to be kept: its COMMIT was answered."""

    user_id: UserId
    claim: Claim
    is_kept: bool = False

    def keep(self, tx: Transaction, reply: Reply) -> None:
        """Keep the answer beside the change. Raises KeyRunning when another request took the key over."""
        keep_answer(tx, self.user_id, self.claim, written(reply))
        when_committed(self._note_kept)

    def served(self, db: Database, reply: Reply, *, repeats: Literal["kept", "anew"]) -> None:
        """What the endpoint left to be done. The caller has their answer even if that fails."""
        if repeats == "anew":
            end_lease(db, self.user_id, self.claim)
        elif not self.is_kept:
            self._keep_alone(db, reply)

    def _note_kept(self) -> None:
        self.is_kept = True

    def _keep_alone(self, db: Database, reply: Reply) -> None:
        try:
            with db.transaction(self.user_id) as tx:
                self.keep(tx, reply)
        except (Busy, KeyRunning) as error:
            log.warning("an answer was not kept", extra={"error": error.exact_code})

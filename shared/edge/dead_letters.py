"""The dead-letter edge: each letter of some dead-letter queues to one use case; what that ended is deleted.

A clock wakes it, not the queues: a poller of each would ask day and night for what hardly ever comes (docs/adr/0048).
A death in between leaves a letter that was buried and not deleted: it is buried again, which changes nothing.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shared import telemetry
from shared.edge.queue import read_message
from shared.errors import DatabaseUnavailable, SecondBrainError, VendorDown
from shared.outbox.dead_letters import DEAD_LETTERS, DeadLetters, Received
from shared.outbox.message import Message
from shared.outbox.queue_depths import QueueDepths
from shared.telemetry import log

BATCH = 10
MOST_OF_A_QUEUE = 2_000
"""Letters of one queue in one run; in AWS time is over at some 600 (docs/adr/0048)."""

WITHIN_SECONDS = 45.0
"""No letter is begun later; the function has 59 seconds."""

HIDDEN_SECONDS = 60
"""Longer than the function lives: a run meets no letter twice."""

Bury = Callable[[Message], None]
Check = Callable[[], None]
"""Raises DatabaseUnavailable unless the database answers."""


def bury_letters(
    letters: DeadLetters,
    depths: QueueDepths,
    queues: Sequence[str],
    bury: Bury,
    *,
    check_database: Check,
    within_seconds: float = WITHIN_SECONDS,
) -> int:
    """How many dead letters of `queues` were buried, and deleted. Those that could not be can be seen again.

    The queues take turns, batch by batch: a flood in one does not keep the others waiting. Raises DatabaseUnavailable
    as soon as the database is away, and VendorDown when the queue service failed for some queue, after the others had
    their turns.
    """
    until = time.monotonic() + within_seconds
    visits = [
        _Visit(letters=letters, queue=name + DEAD_LETTERS, until=until, check_database=check_database)
        for name in queues
    ]
    try:
        filled = [visit for visit in visits if visit.is_worth_it(depths)]
        while filled:
            filled = [visit for visit in filled if visit.has_more_after_a_batch(bury)]
    finally:
        for visit in visits:
            visit.give_back()
    for failure in (visit.failure for visit in visits if visit.failure):
        raise failure
    return sum(visit.buried for visit in visits)


@dataclass(kw_only=True)
class _Visit:
    """One dead-letter queue in one run. `held`: received, and neither deleted nor given back."""

    letters: DeadLetters
    queue: str
    until: float
    check_database: Check
    held: list[Received] = field(default_factory=list[Received])
    received: int = 0
    buried: int = 0
    failure: VendorDown | None = None

    def is_worth_it(self, depths: QueueDepths) -> bool:
        """Whether anything can be seen: to ask is quicker than to receive, which waits for a message."""
        try:
            return self._has_time and depths.depth(self.queue).visible > 0
        except VendorDown as error:
            self._failed(error)
            return False

    def has_more_after_a_batch(self, bury: Bury) -> bool:
        """Bury up to ten letters and delete them; whether there may be more, and time for it."""
        if not self._has_time:
            return False
        try:
            batch = self.letters.receive(self.queue, at_most=BATCH, hidden_seconds=HIDDEN_SECONDS)
            self.received += len(batch)
            self.held += batch
            self._delete([letter for letter in batch if self._is_buried(letter, bury)])
        except VendorDown as error:
            self._failed(error)
            return False
        if len(batch) == BATCH and self.received < MOST_OF_A_QUEUE:
            return True
        self.give_back()  # not only when all queues are empty: in a flood of another's that takes most of each minute
        return False

    def give_back(self) -> None:
        """Let everybody see what is still held: alarms look at what can be seen, and so do operators."""
        held, self.held = self.held, []
        try:
            if held:
                self.letters.release(self.queue, held)
        except VendorDown as error:
            self._failed(error)

    @property
    def _has_time(self) -> bool:
        return time.monotonic() < self.until

    def _is_buried(self, letter: Received, bury: Bury) -> bool:
        if not self._has_time:
            return False
        with telemetry.correlated(letter.id):  # until the message itself names the request that started it
            try:
                bury(read_message(letter.body))
            except SecondBrainError as error:
                if isinstance(error, DatabaseUnavailable):
                    # Each of the others would wait as long, unless it is this letter that breaks the connection.
                    self.check_database()
                log.warning("dead letter left", extra={"queue": self.queue, "code": error.exact_code})
                return False
            except Exception:  # noqa: BLE001 - the edge: a defect with one letter must not keep the others back
                log.exception("defect", extra={"queue": self.queue})
                return False
            log.info("dead letter buried", extra={"queue": self.queue})
            return True

    def _delete(self, done: Sequence[Received]) -> None:
        if done:
            self.letters.remove(self.queue, done)
        self.buried += len(done)
        self.held = [letter for letter in self.held if letter not in done]

    def _failed(self, error: VendorDown) -> None:
        log.error("dead letters out of reach", extra={"queue": self.queue, "code": error.exact_code})
        self.failure = error

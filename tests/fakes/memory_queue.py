"""Queues in memory: what was sent to each, and a vendor that can be down."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.errors import VendorDown
from shared.outbox.dead_letters import Received
from shared.outbox.message import Message
from shared.outbox.queue_depths import Depth


@dataclass(frozen=True, kw_only=True)
class Delay:
    """A received message that was asked to come back later."""

    queue: str
    receipt_handle: str
    seconds: int


@dataclass(kw_only=True)
class MemoryQueue:
    """Fulfils Queue, QueueDepths and DeadLetters of shared.outbox. Queues named in `down` refuse everything."""

    down: set[str] = field(default_factory=set[str])
    sent: list[tuple[str, Message]] = field(default_factory=list[tuple[str, Message]])
    depths: dict[str, Depth] = field(default_factory=dict[str, Depth])
    delays: list[Delay] = field(default_factory=list[Delay])
    letters: dict[str, list[Received]] = field(default_factory=dict[str, list[Received]])
    hidden: set[str] = field(default_factory=set[str])

    def send(self, queue: str, messages: Sequence[Message]) -> None:
        self.check(queue)
        self.sent += [(queue, message) for message in messages]

    def delay(self, queue: str, receipt_handle: str, seconds: int) -> None:
        self.check(queue)
        self.delays.append(Delay(queue=queue, receipt_handle=receipt_handle, seconds=seconds))

    def check(self, queue: str) -> None:
        if queue in self.down:
            raise VendorDown(f"The queue {queue} is down.")

    def depth(self, queue: str) -> Depth:
        self.check(queue)
        letters = {letter.id for letter in self.letters.get(queue, [])}
        hidden = len(letters & self.hidden)
        return self.depths.get(queue, Depth(visible=len(letters) - hidden, in_flight=hidden, delayed=0))

    def receive(self, queue: str, *, at_most: int, hidden_seconds: int) -> Sequence[Received]:
        self.check(queue)
        assert hidden_seconds > 0
        found = [letter for letter in self.letters.get(queue, []) if letter.id not in self.hidden][:at_most]
        self.hidden |= {letter.id for letter in found}
        return found

    def release(self, queue: str, received: Sequence[Received]) -> None:
        self.check(queue)
        self.hidden -= {letter.id for letter in received}

    def remove(self, queue: str, received: Sequence[Received]) -> None:
        self.check(queue)
        gone = {letter.id for letter in received}
        self.hidden -= gone
        self.letters[queue] = [letter for letter in self.letters[queue] if letter.id not in gone]

    def move(self, source: str, target: str, received: Sequence[Received]) -> None:
        self.check(target)
        self.letters.setdefault(target, []).extend(received)
        self.remove(source, received)

    def names(self) -> list[str]:
        """The queues that were sent to, one for each message, in order."""
        return [name for name, _ in self.sent]

    def sent_to(self, queue: str) -> list[Message]:
        return [message for name, message in self.sent if name == queue]

    def clear(self) -> None:
        self.sent.clear()
        self.delays.clear()

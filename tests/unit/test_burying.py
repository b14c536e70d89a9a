"""A run through dead-letter queues: what was buried is deleted, everything else can be seen again when it ends."""

from datetime import UTC, datetime

import pytest

from shared.edge.dead_letters import BATCH, bury_letters
from shared.errors import Busy, DatabaseUnavailable, VendorDown
from shared.ids import new_id
from shared.outbox.dead_letters import Received
from shared.outbox.message import Message
from tests.fakes.memory_queue import MemoryQueue

EMBED, PUSH = "embed-dlq", "push-dlq"
QUEUES = ("embed", "push")


def letter(name: str, body: str | None = None) -> Received:
    message = Message(id=new_id(), user_id=new_id(), correlation_id="c", body={"name": name})
    return Received(
        id=name,
        handle=name,
        body=body or message.model_dump_json(),
        receives=1,
        sent_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def letters(**queues: list[Received]) -> MemoryQueue:
    return MemoryQueue(letters={f"{name}-dlq": found for name, found in queues.items()})


def left(queue: MemoryQueue) -> dict[str, list[str]]:
    """What everybody can receive: nothing may stay hidden when a run ends."""
    assert queue.hidden == set()
    return {name: [each.id for each in found] for name, found in queue.letters.items()}


def is_there() -> None:
    """The database answers."""


def is_away() -> None:
    raise DatabaseUnavailable("It is away.")


class Grave:
    """Who was buried, in order; for some the ground is too hard."""

    def __init__(self, failures: dict[str, Exception] | None = None) -> None:
        self.buried: list[str] = []
        self._failures = failures or {}

    def __call__(self, message: Message) -> None:
        name = message.body["name"]
        if name in self._failures:
            raise self._failures[name]
        self.buried.append(name)


def test_what_was_buried_is_deleted_and_what_nobody_can_bury_stays_to_be_seen() -> None:
    queue = letters(
        embed=[letter("one"), letter("strange", "{}"), letter("odd"), letter("held"), letter("two")], push=[]
    )
    grave = Grave({"odd": ZeroDivisionError(), "held": Busy("Its session is locked.")})
    for buried in (2, 0):  # a minute later it is tried again, and alone
        assert bury_letters(queue, queue, QUEUES, grave, check_database=is_there) == buried
        assert left(queue) == {EMBED: ["strange", "odd", "held"], PUSH: []}
    assert grave.buried == ["one", "two"]


def test_a_flood_in_one_queue_lets_the_letters_of_another_through() -> None:
    queue, grave = (
        letters(embed=[letter(f"{number}") for number in range(3 * BATCH + 1)], push=[letter("push")]),
        Grave(),
    )
    assert bury_letters(queue, queue, QUEUES, grave, check_database=is_there) == 3 * BATCH + 2
    assert grave.buried.index("push") == BATCH
    assert left(queue) == {EMBED: [], PUSH: []}


def test_a_queue_that_is_away_keeps_no_other_back_and_the_run_has_failed() -> None:
    queue, grave = letters(embed=[letter("one")], push=[letter("push")]), Grave()
    queue.down = {EMBED}
    with pytest.raises(VendorDown):
        bury_letters(queue, queue, QUEUES, grave, check_database=is_there)
    assert (grave.buried, left(queue)) == (["push"], {EMBED: ["one"], PUSH: []})


def test_without_a_database_nobody_is_waited_for_twice_and_everything_is_given_back() -> None:
    queue, grave = letters(embed=[letter("one"), letter("two")], push=[letter("push")]), Grave()
    away = Grave(dict.fromkeys(("two", "push"), DatabaseUnavailable("It is away.")))
    with pytest.raises(DatabaseUnavailable):
        bury_letters(queue, queue, QUEUES, away, check_database=is_away)
    assert left(queue) == {EMBED: ["one", "two"], PUSH: ["push"]}
    assert bury_letters(queue, queue, QUEUES, grave, check_database=is_there) == 3  # the first for the second time
    assert left(queue) == {EMBED: [], PUSH: []}


def test_a_letter_that_breaks_the_connection_keeps_no_other_back() -> None:
    queue = letters(embed=[letter("poison"), letter("one")], push=[letter("push")])
    grave = Grave({"poison": DatabaseUnavailable("The connection broke.")})
    assert bury_letters(queue, queue, QUEUES, grave, check_database=is_there) == 2
    assert left(queue) == {EMBED: ["poison"], PUSH: []}


def test_when_time_is_over_no_letter_is_begun() -> None:
    queue, grave = letters(embed=[letter("one"), letter("two")], push=[letter("push")]), Grave()
    assert bury_letters(queue, queue, QUEUES, grave, check_database=is_there, within_seconds=0) == 0
    assert (grave.buried, left(queue)) == ([], {EMBED: ["one", "two"], PUSH: ["push"]})


@pytest.mark.parametrize("refuses", ["remove", "release"])
def test_a_queue_that_lets_nothing_go_is_a_failure_and_its_letters_come_back_by_themselves(
    refuses: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = letters(embed=[letter("one"), letter("strange", "{}")], push=[])

    def refuse(*_: object) -> None:
        raise VendorDown("No.")

    monkeypatch.setattr(queue, refuses, refuse)
    with pytest.raises(VendorDown):
        bury_letters(queue, queue, QUEUES, Grave(), check_database=is_there)
    assert [each.id for each in queue.letters[EMBED]] == (["one", "strange"] if refuses == "remove" else ["strange"])


def test_what_nobody_can_bury_is_to_be_seen_while_another_queue_is_flooded() -> None:
    queue = letters(embed=[letter("strange", "{}")], push=[letter(f"{number}") for number in range(2 * BATCH)])
    seen: list[int] = []
    bury_letters(queue, queue, QUEUES, lambda _: seen.append(queue.depth(EMBED).visible), check_database=is_there)
    assert seen == [1] * 2 * BATCH

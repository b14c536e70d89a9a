"""What of a stage's state needs a hand, decided from values alone."""

from dataclasses import replace

import pytest

from functions.catalogue import QUEUES
from shared.db.backlog import Backlog
from shared.ids import SessionId, StepId, UserId, new_id
from shared.jobs.model import StepKind, StepState, StuckStep
from shared.outbox.queue_depths import Depth
from shared.reembedding.model import Progress
from shared.status.model import DEAD_LETTERS, QueueStatus, Tables, concerns_of

NOTHING = Backlog(count=0, oldest_seconds=None)
CALM = Tables(
    steps=[], stuck=[], jobs=NOTHING, outbox=NOTHING, inbox=NOTHING, uploads=NOTHING, deletions=NOTHING, breakers=[]
)
EMPTY = QueueStatus(name="embed", depth=Depth(visible=0, in_flight=0, delayed=0), dead_letters=0)
FULL = replace(EMPTY, depth=Depth(visible=10_000, in_flight=20, delayed=300))
STUCK = StuckStep(
    id=StepId(new_id()),
    user_id=UserId(new_id()),
    session_id=SessionId(new_id()),
    kind=StepKind.EMBED,
    state=StepState.READY,
    reason=None,
    attempts=1,
    age_seconds=700,
    correlation_id="phone-1",
)


def since(seconds: float) -> Backlog:
    return Backlog(count=3, oldest_seconds=seconds)


def codes(tables: Tables, *queues: QueueStatus) -> list[str]:
    return [concern.code for concern in concerns_of(tables, queues or [EMPTY])]


@pytest.mark.parametrize(
    "tables",
    [
        CALM,
        replace(CALM, outbox=since(119)),
        replace(CALM, inbox=since(3_599)),
        replace(CALM, uploads=since(80_000)),
        replace(CALM, jobs=since(80_000)),
    ],
    ids=["calm", "outbox", "inbox", "uploads", "jobs"],
)
def test_work_under_way_is_no_concern(tables: Tables) -> None:
    assert codes(tables, EMPTY, FULL) == []


@pytest.mark.parametrize(
    ("tables", "queues", "code"),
    [
        (CALM, [EMPTY, replace(EMPTY, dead_letters=1)], "dead_letters"),
        (CALM, [EMPTY, replace(EMPTY, depth=None, dead_letters=None)], "queues_unreachable"),
        (CALM, [replace(EMPTY, dead_letters=None)], "queues_unreachable"),
        (replace(CALM, outbox=since(121)), [EMPTY], "outbox_late"),
        (replace(CALM, inbox=since(3_601)), [EMPTY], "inbox_late"),
        (replace(CALM, stuck=[STUCK]), [EMPTY], "steps_stuck"),
    ],
    ids=["dead letters", "no answer", "no answer of a dead-letter queue", "outbox", "inbox", "stuck"],
)
def test_what_does_not_heal_by_itself_is_a_concern(tables: Tables, queues: list[QueueStatus], code: str) -> None:
    assert codes(tables, *queues) == [code]


def test_a_concern_says_where_to_look_and_what_to_do() -> None:
    tables = replace(CALM, outbox=since(630), stuck=[STUCK])
    dead, late, stuck = (concern.detail for concern in concerns_of(tables, [replace(EMPTY, dead_letters=4)]))
    assert dead.startswith("4 dead letters of embed.")
    assert "redrive embed-dlq" in dead
    assert "3 announcements" in late
    assert "10 minutes" in late
    assert all(word in stuck for word in ("embed", str(STUCK.session_id), "phone-1"))
    assert all("docs/runbook.md" in detail for detail in (dead, late, stuck))


def test_dead_letter_queues_are_named_as_in_the_catalogue() -> None:
    assert {queue.name: queue.dead_letter_name for queue in QUEUES} == {
        queue.name: queue.name + DEAD_LETTERS for queue in QUEUES
    }


@pytest.mark.parametrize(("held_up", "concerns"), [(0, []), (2, ["reembedding_held_up"])])
def test_users_whose_notes_the_new_model_refuses_are_a_concern(held_up: int, concerns: list[str]) -> None:
    progress = Progress(users=[], under_way=3, held_up=held_up, clearing=0, tokens=None, tokens_a_day=None)
    assert [concern.code for concern in concerns_of(CALM, [EMPTY], progress)] == concerns

"""What a session under way does next, decided from values alone."""

from datetime import UTC, datetime
from itertools import product

import pytest

from shared.ids import JobId, SessionId, StepId, UserId, new_id
from shared.jobs.model import READING, Step, StepKind, StepState
from shared.sessions.finalize_session import outcome
from shared.sessions.model import Move, Session, SessionStatus, SessionType, failure_reason, next_move

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FINAL = [state for state in StepState if state.is_final]


def step(kind: str, state: str, reason: str | None = None) -> Step:
    return Step(
        id=StepId(new_id()),
        user_id=UserId(new_id()),
        job_id=JobId(new_id()),
        session_id=SessionId(new_id()),
        kind=StepKind(kind),
        media_id=None,
        block_id=None,
        part_index=None,
        state=StepState(state),
        attempts=1,
        lease_token=1,
        reason=reason,
        provider=None,
        model=None,
        provider_ms=None,
        due_at=None,
        created_at=NOW,
        changed_at=NOW,
    )


def job(*reading: str, embed: str = "waiting", summarise: str = "waiting") -> list[Step]:
    readers = [step("transcribe", state) for state in reading]
    return [*readers, step("embed", embed), step("summarise", summarise)]


def test_while_anything_is_being_read_the_session_waits() -> None:
    for unfinished, other in product(("waiting", "ready", "running"), ("completed", "running", "skipped")):
        assert next_move(job(unfinished, other), has_text=True) is Move.WAIT
        assert next_move(job(unfinished, other), has_text=False) is Move.WAIT


def test_when_all_is_read_making_starts_if_there_is_text() -> None:
    for first, second in product(("completed", "skipped"), repeat=2):
        assert next_move(job(first, second), has_text=True) is Move.START_MAKING
        assert next_move(job(first, second), has_text=False) is Move.FAIL
    assert next_move(job(), has_text=True) is Move.START_MAKING
    assert next_move(job(), has_text=False) is Move.FAIL


@pytest.mark.parametrize("unfinished", ["ready", "running"])
def test_making_under_way_is_waited_for(unfinished: str) -> None:
    assert next_move(job("completed", embed=unfinished, summarise="completed"), has_text=True) is Move.WAIT


def test_when_all_is_made_the_session_is_finished() -> None:
    for embed, summarise in product(("completed", "skipped"), repeat=2):
        assert next_move(job("completed", embed=embed, summarise=summarise), has_text=True) is Move.FINISH


def test_one_failed_step_fails_the_session_whatever_the_others_do() -> None:
    for other in StepState:
        steps = [step("transcribe", other), step("embed", "failed", "gave_up")]
        assert next_move(steps, has_text=True) is Move.FAIL
        assert failure_reason(steps[1:]) == "embed_failed: gave_up"


def test_every_job_moves_or_waits_for_somebody() -> None:
    """No mix of states is a dead end: who waits, waits for a step that is not final."""
    for transcribe, embed, summarise in product(StepState, repeat=3):
        steps = [step("transcribe", transcribe), step("embed", embed), step("summarise", summarise)]
        if next_move(steps, has_text=True) is Move.WAIT:
            assert any(not s.state.is_final for s in steps)


def test_a_session_without_a_failed_step_had_nothing_usable() -> None:
    assert failure_reason([step("transcribe", "skipped")]) == "nothing_usable"


def test_readers_and_makers_are_all_kinds_there_are() -> None:
    assert {kind for kind in StepKind if kind not in READING} == {StepKind.EMBED, StepKind.SUMMARISE}
    assert [kind.queue for kind in StepKind] == [
        "transcribe",
        "split-audio",
        "transcribe-part",
        "describe-image",
        "embed",
        "summarise",
    ]


FINALIZED = [status for status in SessionStatus if status is not SessionStatus.OPEN]
ANSWERS = [SessionStatus.PENDING_PROCESSING, SessionStatus.NO_CREDITS, SessionStatus.RAW_ONLY]


@pytest.mark.parametrize(("status", "answer"), product(FINALIZED, ANSWERS))
def test_a_finalized_session_answers_as_it_did_when_it_was_finalized(
    status: SessionStatus, answer: SessionStatus
) -> None:
    assert outcome(finalized(status, answer)) is answer


def finalized(status: SessionStatus, answer: SessionStatus) -> Session:
    return Session(
        id=SessionId(new_id()),
        user_id=UserId(new_id()),
        session_type=SessionType.MIXED,
        status=status,
        language="en",
        time_zone="UTC",
        title=None,
        ai_summary=None,
        failure_reason=None,
        created_at=NOW,
        updated_at=NOW,
        finalized_at=NOW,
        finalized_as=answer,
        processed_at=None,
        version=1,
    )

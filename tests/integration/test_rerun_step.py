"""An administrator has a step done once more: nobody pays, nothing is lost, and what was processed stays so."""

import psycopg
import pytest

from shared.ai.capabilities import Segment
from shared.db.connection import Database
from shared.errors import Conflict, NotFound, VendorRefused
from shared.ids import SessionId, StepId, UserId, new_id
from shared.jobs.model import StepKind
from shared.media.model import MediaType
from shared.sessions.edit_block import edit_block
from shared.sessions.model import SessionStatus
from shared.sessions.rerun_step import Rerun, rerun_step
from tests.fixtures.appointing import appointed
from tests.fixtures.captured import Backend, count_of, ledger_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.recordings import recording

PAID = [(3, "trial"), (-1, "session")]
REFUNDED = [*PAID, (1, "refund")]


@pytest.fixture
def pipeline(backend: Backend, owner: psycopg.Connection) -> Pipeline:
    """Its users administer themselves."""
    for name in ("alice", "bob"):
        appointed(owner, backend.user(name))
    return Pipeline(backend=backend)


def spoken(pipeline: Pipeline) -> tuple[UserId, SessionId]:
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, recording(), MediaType.AUDIO)
    pipeline.backend.marker(user_id, session_id, "Milk.")
    pipeline.finalize(user_id, session_id)
    pipeline.work_off()
    return user_id, session_id


def rerun(system_db: Database, pipeline: Pipeline, user_id: UserId, session_id: SessionId, kind: str) -> None:
    step = pipeline.backend.step(user_id, session_id, kind)
    wanted = Rerun(user_id=user_id, step_id=step.id, reason="it was garbled")
    rerun_step(system_db, pipeline.backend.queue, user_id, wanted)


@pytest.mark.parametrize("kind", [StepKind.SUMMARISE, StepKind.EMBED])
def test_a_making_step_is_done_again_alone(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection, kind: StepKind
) -> None:
    user_id, session_id = spoken(pipeline)
    chunks, pushes = (count_of(owner, table, user_id) for table in ("chunks", "notifications"))
    rerun(system_db, pipeline, user_id, session_id, kind)
    assert pipeline.backend.queue.names() == [kind]
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert pipeline.backend.steps(user_id, session_id) == {kind: "completed"}
    assert [count_of(owner, table, user_id) for table in ("chunks", "notifications")] == [chunks, pushes]
    assert ledger_of(owner, user_id) == PAID


def test_a_file_is_read_again_and_what_follows_from_its_text_is_made_again(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id = spoken(pipeline)
    pipeline.transcriber.segments = (Segment(start_ms=0, end_ms=900, text="What was really said."),)
    rerun(system_db, pipeline, user_id, session_id, "transcribe")
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    texts = {block.text_content for block in pipeline.backend.read(user_id, session_id).blocks}
    assert texts == {"What was really said.", "Milk."}
    found = owner.execute("SELECT count(*) FROM chunks WHERE text LIKE '%really said%'").fetchone()
    assert found == (1,)
    assert ledger_of(owner, user_id) == PAID


def test_a_rerun_that_fails_leaves_a_processed_session_and_its_debit_as_they_were(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id = spoken(pipeline)
    pushes = count_of(owner, "notifications", user_id)
    pipeline.summariser.failure = VendorRefused("No.")
    rerun(system_db, pipeline, user_id, session_id, "summarise")
    pipeline.work_off()
    assert pipeline.backend.steps(user_id, session_id) == {"summarise": "failed"}
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert count_of(owner, "notifications", user_id) == pushes
    assert ledger_of(owner, user_id) == PAID


def test_a_session_that_failed_is_processed_at_our_expense(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    pipeline.summariser.failure = VendorRefused("No.")
    user_id, session_id = spoken(pipeline)
    assert ledger_of(owner, user_id) == REFUNDED
    pipeline.summariser.failure = None
    heard = pipeline.transcriber.calls
    rerun(system_db, pipeline, user_id, session_id, "summarise")
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert pipeline.transcriber.calls == heard  # what was read is not read again
    assert ledger_of(owner, user_id) == REFUNDED


def test_a_file_its_provider_refused_gets_another_chance(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    pipeline.transcriber.failure = VendorRefused("No.")
    user_id, session_id = spoken(pipeline)
    assert pipeline.backend.read(user_id, session_id).media[0].reason == "provider_refused"
    pipeline.transcriber.failure = None
    rerun(system_db, pipeline, user_id, session_id, "transcribe")
    pipeline.work_off()
    media = pipeline.backend.read(user_id, session_id).media[0]
    assert (media.status, media.reason) == ("uploaded", None)
    assert pipeline.backend.steps(user_id, session_id)["transcribe"] == "completed"
    assert ledger_of(owner, user_id) == PAID


def test_a_session_under_way_is_not_disturbed(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.backend.marker(user_id, session_id)
    pipeline.finalize(user_id, session_id)
    with pytest.raises(Conflict) as refused:
        rerun(system_db, pipeline, user_id, session_id, "embed")
    assert refused.value.exact_code == "session_processing"
    assert owner.execute("SELECT count(*) FROM audit_log").fetchone() == (0,)


def test_a_step_of_somebody_else_is_not_found(pipeline: Pipeline, system_db: Database) -> None:
    alice, session_id = spoken(pipeline)
    bob = pipeline.backend.user("bob")
    for step_id in (pipeline.backend.step(alice, session_id, "embed").id, StepId(new_id())):
        with pytest.raises(NotFound):
            rerun_step(system_db, pipeline.backend.queue, bob, Rerun(user_id=bob, step_id=step_id, reason="for a test"))


def test_who_had_it_done_and_why_is_on_record(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id = spoken(pipeline)
    rerun(system_db, pipeline, user_id, session_id, "summarise")
    row = owner.execute("SELECT actor_id, action, subject_user_id, reason, details->>'kind' FROM audit_log").fetchone()
    assert row == (user_id, "rerun_step", user_id, "it was garbled", "summarise")


def edit(pipeline: Pipeline, user_id: UserId, session_id: SessionId, text: str) -> None:
    blocks = pipeline.backend.read(user_id, session_id).blocks
    marker = next(block for block in blocks if block.media_id is None)
    edit_block(pipeline.backend.db, pipeline.backend.queue, user_id, session_id, marker.id, text=text, metadata=None)


def test_a_rerun_that_fails_does_not_take_an_edit_with_it(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id = spoken(pipeline)
    pipeline.summariser.failure = VendorRefused("No.")
    rerun(system_db, pipeline, user_id, session_id, "summarise")
    edit(pipeline, user_id, session_id, "Oat milk.")
    pipeline.work_off()
    assert owner.execute("SELECT text FROM chunks WHERE text LIKE '%ilk.' AND text NOT LIKE 'We%'").fetchall() == [
        ("Oat milk.",)
    ]


def test_what_a_rerun_read_before_an_edit_does_not_replace_what_the_edit_said(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id = spoken(pipeline)
    owner.execute("DELETE FROM chunks")  # what is there already is not embedded again
    rerun(system_db, pipeline, user_id, session_id, "embed")

    def edit_and_embed() -> None:
        pipeline.embedder.meanwhile = lambda: None
        edit(pipeline, user_id, session_id, "Oat milk.")
        pipeline.work_off()

    pipeline.embedder.meanwhile = edit_and_embed
    pipeline.work_off()
    texts = {text for (text,) in owner.execute("SELECT text FROM chunks").fetchall()}
    assert "Oat milk." in texts
    assert "Milk." not in texts

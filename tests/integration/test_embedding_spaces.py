"""Each user's notes are embedded by the model they are searched by, and only what is new of them."""

import psycopg
import pytest

from shared.ai.capabilities import Segment
from shared.errors import Busy
from shared.ids import SessionId, UserId
from shared.jobs.model import StepState
from shared.media.model import MediaType
from shared.outbox.message import Message
from shared.sessions.delete_session import delete_session
from shared.sessions.edit_block import edit_block
from shared.sessions.model import Block, BlockType, SessionStatus
from tests.fakes.providers import FakeEmbedder
from tests.fixtures.captured import Backend, count_of, ledger_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.recordings import recording

OLD, NEW = "space-1", "space-2"

MODELS = """
SELECT m.model, array_agg(c.text ORDER BY c.text)
FROM chunks c
JOIN embedding_models m ON m.id = c.model_id
WHERE c.user_id = %s
GROUP BY m.model
"""


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    """On its way from the old model to the new one."""
    return Pipeline(backend=backend, embedder=FakeEmbedder(NEW), previous=FakeEmbedder(OLD))


def noted(pipeline: Pipeline, user_id: UserId, text: str) -> SessionId:
    session_id = pipeline.backend.session(user_id)
    pipeline.backend.marker(user_id, session_id, text)
    pipeline.finalize(user_id, session_id)
    return session_id


def on_old(pipeline: Pipeline) -> UserId:
    """A user whose first note was embedded before there was a new model."""
    user_id = pipeline.backend.user("of the old model")
    before = Pipeline(backend=pipeline.backend, embedder=FakeEmbedder(OLD))
    noted(before, user_id, "The first note.")
    before.work_off()
    return user_id


def switch(owner: psycopg.Connection, user_id: UserId, model: str) -> None:
    """The user is moved, in one statement."""
    owner.execute(
        "INSERT INTO embedding_models (provider, model) VALUES ('fake-embedding', %s) ON CONFLICT DO NOTHING", [model]
    )
    owner.execute(
        "UPDATE search_spaces SET model_id = (SELECT id FROM embedding_models WHERE model = %s) WHERE user_id = %s",
        [model, user_id],
    )


def models_of(owner: psycopg.Connection, user_id: UserId) -> dict[str, list[str]]:
    return dict(owner.execute(MODELS, [user_id]).fetchall())


def test_whoever_is_new_begins_with_the_current_model(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id = pipeline.backend.user()
    noted(pipeline, user_id, "Oat milk.")
    pipeline.work_off()
    assert models_of(owner, user_id) == {NEW: ["Oat milk."]}


def test_a_note_of_somebody_who_is_not_moved_yet_is_embedded_by_their_model(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id = on_old(pipeline)
    session_id = noted(pipeline, user_id, "Oat milk.")
    pipeline.work_off()
    assert models_of(owner, user_id) == {OLD: ["Oat milk.", "The first note."]}
    assert pipeline.embedder.texts == []
    step = pipeline.backend.step(user_id, session_id, "embed")
    assert (step.provider, step.model) == ("fake-embedding", OLD)


def test_who_is_moved_while_their_note_is_embedded_has_it_embedded_by_the_new_model(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id = on_old(pipeline)
    assert pipeline.previous is not None
    pipeline.previous.meanwhile = lambda: switch(owner, user_id, NEW)
    session_id = noted(pipeline, user_id, "Oat milk.")
    embedding = embedding_of(pipeline)
    with pytest.raises(Busy) as again:
        pipeline.deliver("embed", embedding)
    assert again.value.is_momentary  # which brings the message back at once
    step = pipeline.backend.step(user_id, session_id, "embed")
    assert (step.state, step.reason, step.attempts) == (StepState.READY, "outdated", 0)
    assert NEW not in models_of(owner, user_id)
    pipeline.deliver("embed", embedding)
    pipeline.work_off()
    assert models_of(owner, user_id) == {OLD: ["The first note."], NEW: ["Oat milk."]}
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert calls_paid(owner, user_id, "Oat milk.") == [OLD, NEW]  # both were made, so both are told of


def test_a_note_that_is_deleted_before_it_is_embedded_again_was_paid_for(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    """Its step gave the attempt back, as if nobody had been asked; somebody was."""
    user_id = on_old(pipeline)
    assert pipeline.previous is not None
    pipeline.previous.meanwhile = lambda: switch(owner, user_id, NEW)
    session_id = noted(pipeline, user_id, "Oat milk.")
    embedding = next(message for queue, message in pipeline.backend.queue.sent if queue == "embed")
    with pytest.raises(Busy):
        pipeline.deliver("embed", embedding)
    paid = ledger_of(owner, user_id)
    delete_session(pipeline.backend.db, pipeline.backend.queue, user_id, session_id)
    assert ledger_of(owner, user_id) == paid


def embedding_of(pipeline: Pipeline) -> Message:
    """Every message but the embed worker's is delivered."""
    (message,) = [message for queue, message in pipeline.backend.queue.sent if queue == "embed"]
    pipeline.backend.queue.sent[:] = [sent for sent in pipeline.backend.queue.sent if sent[0] != "embed"]
    pipeline.work_off()
    return message


def calls_paid(owner: psycopg.Connection, user_id: UserId, of_text: str) -> list[str]:
    rows = owner.execute(
        """
        SELECT u.model FROM ai_usage u JOIN session_blocks b ON b.user_id = u.user_id AND b.session_id = u.session_id
        WHERE u.user_id = %s AND b.text_content = %s AND u.operation_type = 'embed'
        ORDER BY u.created_at, u.id
        """,
        [user_id, of_text],
    )
    return [model for (model,) in rows.fetchall()]


def test_a_note_of_somebody_whose_model_nobody_serves_waits_until_they_are_moved(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id = on_old(pipeline)
    without_previous = Pipeline(backend=pipeline.backend, embedder=pipeline.embedder)
    session_id = noted(without_previous, user_id, "Oat milk.")
    message = next(message for queue, message in pipeline.backend.queue.sent if queue == "embed")
    without_previous.work_off()
    step = pipeline.backend.step(user_id, session_id, "embed")
    assert (step.state, step.reason, step.attempts) == (StepState.READY, "space_unserved", 0)
    assert step.due_at is not None
    switch(owner, user_id, NEW)
    owner.execute("UPDATE job_steps SET due_at = NULL WHERE id = %s", [step.id])
    without_previous.deliver("embed", message)
    assert models_of(owner, user_id)[NEW] == ["Oat milk."]


_NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen")
SAID = [
    Segment(start_ms=at * 4_000, end_ms=at * 4_000 + 3_900, text=f"Sentence {name} speaks of something else at length.")
    for at, name in enumerate(_NAMES)
]


def spoken(pipeline: Pipeline) -> tuple[UserId, Block]:
    """A recording whose transcript makes two chunks, each with its moments."""
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.transcriber.segments = tuple(SAID)
    pipeline.upload(user_id, session_id, recording("ogg"), MediaType.AUDIO)
    pipeline.finalize(user_id, session_id)
    pipeline.work_off()
    (block,) = pipeline.backend.read(user_id, session_id).blocks
    assert block.block_type is BlockType.VOICE
    return user_id, block


def edit(pipeline: Pipeline, user_id: UserId, block: Block, text: str) -> None:
    edit_block(
        pipeline.backend.db, pipeline.backend.queue, user_id, block.session_id, block.id, text=text, metadata=None
    )


def test_an_edit_of_a_recordings_text_sends_only_the_chunk_that_changed(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, block = spoken(pipeline)
    # Two chunks and a moment for each sentence, one of which the second chunk repeats.
    assert (count_of(owner, "chunks", user_id), len(pipeline.embedder.texts)) == (2, 2 + len(SAID) + 1)
    pipeline.embedder.texts.clear()
    assert block.text_content is not None
    edit(pipeline, user_id, block, block.text_content.replace("thirteen speaks", "fourteen speaks"))
    pipeline.work_off()
    second, *moments = pipeline.embedder.texts
    assert "fourteen" in second
    assert "Sentence one " not in second
    assert all(moment in second for moment in moments)
    assert len(moments) < len(SAID) / 2
    assert count_of(owner, "chunk_vectors", user_id) == 2 + len(SAID) + 1


def test_a_block_edited_back_before_it_was_embedded_asks_nobody(pipeline: Pipeline) -> None:
    user_id, block = spoken(pipeline)
    calls = pipeline.embedder.calls
    assert block.text_content is not None
    edit(pipeline, user_id, block, "Something else.")
    edit(pipeline, user_id, block, block.text_content)
    pipeline.work_off()
    assert pipeline.embedder.calls == calls


def test_a_chunk_that_was_kept_and_is_gone_by_then_is_embedded_after_all(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, block = spoken(pipeline)
    assert block.text_content is not None
    edit(pipeline, user_id, block, block.text_content.replace("thirteen speaks", "fourteen speaks"))
    pipeline.embedder.meanwhile = lambda: owner.execute("DELETE FROM chunks WHERE user_id = %s", [user_id])
    message = embedding_of(pipeline)
    with pytest.raises(Busy):
        pipeline.deliver("embed", message)
    pipeline.embedder.meanwhile = lambda: None
    pipeline.deliver("embed", message)
    assert count_of(owner, "chunks", user_id) == 2

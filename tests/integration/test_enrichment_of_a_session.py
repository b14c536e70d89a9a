import psycopg
import pytest

from shared.errors import VendorDown
from shared.ids import SessionId, UserId
from shared.media.model import MediaType
from shared.sessions.edit_block import edit_block
from shared.sessions.model import BlockType, SessionStatus
from tests.fakes.providers import SAID
from tests.fixtures.captured import Backend, count_of, ledger_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.pictures import picture
from tests.fixtures.recordings import recording

PAID = [(3, "trial"), (-1, "session")]


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def captured(pipeline: Pipeline) -> tuple[UserId, SessionId]:
    """A finalized session with a voice note, a picture and a marker."""
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, recording("ogg"), MediaType.AUDIO)
    pipeline.upload(user_id, session_id, picture(), MediaType.IMAGE)
    pipeline.backend.marker(user_id, session_id, "Remember the milk.")
    pipeline.finalize(user_id, session_id)
    return user_id, session_id


def test_voice_picture_and_marker_become_a_processed_session(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id = captured(pipeline)
    assert pipeline.work_off() == 4
    whole = pipeline.backend.read(user_id, session_id)
    assert whole.session.status is SessionStatus.PROCESSED
    assert (whole.session.title, whole.session.ai_summary) == ("Launch (en)", "The app launches on Friday.")
    texts = {block.block_type: block.text_content for block in whole.blocks}
    assert texts == {
        BlockType.VOICE: "We launch the new garden app on Friday. Ana brings the oat milk.",
        BlockType.IMAGE: "A whiteboard in a bright room.\nSHIP FRIDAY",
        BlockType.MARKER: "Remember the milk.",
    }
    assert {step.state for step in whole.steps} == {"completed"}
    assert ledger_of(owner, user_id) == PAID


def test_a_transcript_keeps_its_times_its_provider_and_the_measured_duration(pipeline: Pipeline) -> None:
    user_id, session_id = captured(pipeline)
    pipeline.work_off()
    whole = pipeline.backend.read(user_id, session_id)
    voice = next(block for block in whole.blocks if block.block_type is BlockType.VOICE)
    assert (voice.text_origin, voice.segments) == ("fake-speech", SAID)
    recorded = next(media for media in whole.media if media.type is MediaType.AUDIO)
    assert recorded.duration_ms == pytest.approx(1_000, abs=50)
    assert pipeline.transcriber.file_names == ["audio.ogg"]


def test_every_block_is_embedded_in_one_call_with_the_time_it_was_said(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    _, session_id = captured(pipeline)
    pipeline.work_off()
    chunks = owner.execute(
        "SELECT c.text, c.start_ms, c.end_ms, m.provider, m.model"
        " FROM chunks c JOIN embedding_models m ON m.id = c.model_id WHERE c.session_id = %s ORDER BY c.text",
        [session_id],
    ).fetchall()
    assert chunks == [
        ("A whiteboard in a bright room.\nSHIP FRIDAY", None, None, "fake-embedding", "space-1"),
        ("Remember the milk.", None, None, "fake-embedding", "space-1"),
        (
            "We launch the new garden app on Friday. Ana brings the oat milk.",
            0,
            5_000,
            "fake-embedding",
            "space-1",
        ),
    ]
    assert pipeline.embedder.calls == 1


def test_the_summary_is_made_of_all_there_is_as_it_was_captured(pipeline: Pipeline) -> None:
    captured(pipeline)
    pipeline.work_off()
    [notes] = pipeline.summariser.notes
    for said in ("garden app", "SHIP FRIDAY", "Remember the milk."):
        assert said in notes
    assert notes.index("garden app") < notes.index("SHIP FRIDAY") < notes.index("Remember")


def test_what_each_step_used_is_kept(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, _ = captured(pipeline)
    pipeline.work_off()
    used = owner.execute(
        "SELECT u.operation_type, u.provider, u.model, s.kind, s.provider, s.model FROM ai_usage u"
        " JOIN job_steps s ON s.user_id = u.user_id AND s.id = u.step_id WHERE u.user_id = %s ORDER BY 1",
        [user_id],
    ).fetchall()
    assert used == [
        ("describe_image", "fake-vision", "eyes-1", "describe_image", "fake-vision", "eyes-1"),
        ("embed", "fake-embedding", "space-1", "embed", "fake-embedding", "space-1"),
        ("summarise", "fake-chat", "words-1", "summarise", "fake-chat", "words-1"),
        ("transcribe", "fake-speech", "ears-1", "transcribe", "fake-speech", "ears-1"),
    ]


def test_bare_aac_reaches_the_provider_in_a_wrapping_it_takes(pipeline: Pipeline) -> None:
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, recording("aac"), MediaType.AUDIO)
    pipeline.finalize(user_id, session_id)
    pipeline.work_off()
    assert pipeline.transcriber.file_names == ["audio.m4a"]


def test_text_alone_is_enough(pipeline: Pipeline) -> None:
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.backend.marker(user_id, session_id)
    pipeline.finalize(user_id, session_id)
    assert pipeline.work_off() == 2
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_an_edit_embeds_that_block_anew_and_no_other(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id = captured(pipeline)
    pipeline.work_off()
    before = {text: chunk_id for chunk_id, text in owner.execute("SELECT id, text FROM chunks").fetchall()}
    marker = next(b for b in pipeline.backend.read(user_id, session_id).blocks if b.block_type is BlockType.MARKER)
    pipeline.embedder.texts.clear()

    db, queue = pipeline.backend.db, pipeline.backend.queue
    edit_block(db, queue, user_id, session_id, marker.id, text="Forget the milk.", metadata=None)
    assert pipeline.work_off() == 1

    assert pipeline.embedder.texts == ["Forget the milk."]
    after = {text: chunk_id for chunk_id, text in owner.execute("SELECT id, text FROM chunks").fetchall()}
    assert "Remember the milk." not in after
    untouched = before.keys() - {"Remember the milk."}
    assert {text: before[text] for text in untouched} == {text: after[text] for text in untouched}
    assert pipeline.summariser.calls == 1
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_a_block_edited_to_nothing_is_found_no_more_and_costs_no_call(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, session_id = captured(pipeline)
    pipeline.work_off()
    marker = next(b for b in pipeline.backend.read(user_id, session_id).blocks if b.block_type is BlockType.MARKER)
    edit_block(pipeline.backend.db, pipeline.backend.queue, user_id, session_id, marker.id, text=" ", metadata=None)
    pipeline.work_off()
    assert pipeline.embedder.calls == 1
    assert count_of(owner, "chunks", user_id) == 2


def test_an_edit_while_the_last_one_is_embedded_wins(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id = captured(pipeline)
    pipeline.work_off()
    marker = next(b for b in pipeline.backend.read(user_id, session_id).blocks if b.block_type is BlockType.MARKER)
    db, queue = pipeline.backend.db, pipeline.backend.queue

    def edit_again() -> None:
        pipeline.embedder.meanwhile = lambda: None
        edit_block(db, queue, user_id, session_id, marker.id, text="Third thoughts.", metadata=None)

    pipeline.embedder.meanwhile = edit_again
    edit_block(db, queue, user_id, session_id, marker.id, text="Second thoughts.", metadata=None)
    pipeline.work_off()
    texts = {text for (text,) in owner.execute("SELECT text FROM chunks WHERE block_id = %s", [marker.id]).fetchall()}
    assert texts == {"Third thoughts."}


def test_an_edit_that_cannot_be_embedded_leaves_the_session_processed_and_paid(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, session_id = captured(pipeline)
    pipeline.work_off()
    marker = next(b for b in pipeline.backend.read(user_id, session_id).blocks if b.block_type is BlockType.MARKER)
    pipeline.embedder.failure = VendorDown("away")
    edit_block(pipeline.backend.db, pipeline.backend.queue, user_id, session_id, marker.id, text="New.", metadata=None)
    assert pipeline.work_off() == 5
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert ledger_of(owner, user_id) == PAID
    assert pipeline.backend.read(user_id, session_id).steps[-1].state == "failed"

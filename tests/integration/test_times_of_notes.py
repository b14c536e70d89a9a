"""What a note says of time becomes periods of its chunks, seen from when and where it was captured."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from shared.identity.edit_profile import edit_profile
from shared.identity.locale_of import locale_of
from shared.identity.model import Locale, ProfileChange
from shared.ids import SessionId, UserId
from shared.sessions.add_blocks import add_blocks
from shared.sessions.create_session import create_session
from shared.sessions.edit_block import edit_block
from shared.sessions.model import Block, BlockType, NewBlock, SessionType
from tests.fixtures.captured import Backend
from tests.fixtures.enriching import Pipeline

CAPTURED = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)  # a Wednesday in Lisbon, Thursday already in Tokyo


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def noted(
    pipeline: Pipeline, text: str, *, user_zone: str = "UTC", time_zone: str | None = None, language: str = "en"
) -> tuple[UserId, SessionId, Block]:
    """A note that was captured at CAPTURED, processed."""
    db = pipeline.backend.db
    user_id = pipeline.backend.user()
    edit_profile(db, user_id, ProfileChange(time_zone=user_zone))
    session, _ = create_session(
        db, user_id, session_id=None, session_type=SessionType.MIXED, language=language, time_zone=time_zone, title=None
    )
    new = NewBlock(
        id=None, block_type=BlockType.MARKER, text_content=text, media_id=None, metadata={}, captured_at=CAPTURED
    )
    blocks, _ = add_blocks(db, user_id, session.id, [new])
    pipeline.finalize(user_id, session.id)
    pipeline.work_off()
    return user_id, session.id, blocks[0]


def events(owner: psycopg.Connection) -> Any:
    """The events of the only chunk."""
    (row,) = owner.execute("SELECT events FROM chunks").fetchall()
    return row[0]


def during(*periods: tuple[datetime, datetime]) -> Multirange[datetime]:
    return Multirange([Range(start, end, "[)") for start, end in periods])


def test_a_note_keeps_what_it_says_of_time(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    noted(pipeline, "Consulta segunda às nove e meia.", time_zone="Europe/Lisbon", language="pt-BR")
    assert events(owner) == during((datetime(2026, 3, 16, 9, 30, tzinfo=UTC), datetime(2026, 3, 16, 9, 31, tzinfo=UTC)))


def test_the_day_is_the_day_where_the_user_was(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    noted(pipeline, "The parcel comes tomorrow.", user_zone="Asia/Tokyo")
    assert events(owner) == during((datetime(2026, 3, 12, 15, tzinfo=UTC), datetime(2026, 3, 13, 15, tzinfo=UTC)))


def test_a_session_elsewhere_is_read_by_its_own_zone(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    noted(pipeline, "The parcel comes tomorrow.", user_zone="Asia/Tokyo", time_zone="America/New_York")
    assert events(owner) == during((datetime(2026, 3, 12, 4, tzinfo=UTC), datetime(2026, 3, 13, 4, tzinfo=UTC)))


def test_a_note_without_a_time_has_none(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    noted(pipeline, "We may march on, for the second time.")
    assert not events(owner)


def test_an_edit_is_read_as_if_it_had_been_said_when_the_note_was_captured(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, session_id, block = noted(pipeline, "Nothing planned.")
    db, queue = pipeline.backend.db, pipeline.backend.queue
    edit_block(db, queue, user_id, session_id, block.id, text="Dentist tomorrow.", metadata=None)
    pipeline.work_off()
    assert events(owner) == during((datetime(2026, 3, 12, tzinfo=UTC), datetime(2026, 3, 13, tzinfo=UTC)))


def test_a_users_locale_is_their_language_and_zone(backend: Backend) -> None:
    user_id = backend.user()
    edit_profile(backend.db, user_id, ProfileChange(preferred_language="pt-BR", time_zone="Europe/Lisbon"))
    with backend.db.transaction(user_id) as tx:
        assert locale_of(tx, user_id) == Locale(language="pt-BR", time_zone="Europe/Lisbon")

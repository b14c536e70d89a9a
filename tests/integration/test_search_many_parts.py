"""Recordings have many moments each: a search finds as many notes as are asked for, however many parts one has."""

import psycopg
import pytest

from shared.db.connection import Database
from shared.ids import UserId
from shared.search.drafting import with_vectors
from shared.search.intern_model import intern_model
from shared.search.model import MAX_PARTS, ChunkDraft, Moment
from shared.search.replace_chunks import replace_chunks
from tests.fixtures.questions import ask
from tests.fixtures.searchable import MODEL, PROVIDER, add_block, add_user, unit

_NOTES = 60


@pytest.fixture
def talker(db: Database, owner: psycopg.Connection) -> UserId:
    """Somebody whose every note has as many moments as there can be, all of them about the same."""
    user_id = add_user(owner)
    session_id, block_id = add_block(owner, user_id)
    moments = tuple(Moment(text=f"moment {at}", start_ms=at, end_ms=at + 1) for at in range(MAX_PARTS - 1))
    drafts = [ChunkDraft(text=f"note {at}", moments=moments) for at in range(_NOTES)]
    near = [unit(1, number / 10_000) for number in range(_NOTES) for _ in range(MAX_PARTS)]
    with db.transaction(user_id) as tx:
        replace_chunks(
            tx,
            user_id,
            session_id=session_id,
            block_id=block_id,
            model_id=intern_model(tx, provider=PROVIDER, model=MODEL),
            language="en",
            chunks=with_vectors(drafts, near),
        )
    return user_id


@pytest.mark.parametrize("threshold", [0, 0.7])
def test_a_page_is_as_long_as_was_asked_for(db: Database, talker: UserId, threshold: float) -> None:
    assert len(ask(db, talker, "hum", meaning=unit(1), limit=50, threshold=threshold).results) == 50


def test_where_nothing_is_too_far_off_every_page_is_full(db: Database, talker: UserId) -> None:
    assert ask(db, talker, "hum", meaning=unit(1), limit=10, threshold=0).total == _NOTES

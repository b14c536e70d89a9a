"""GET /api/sessions/{session_id}/related: what may be asked, and what comes back."""

from uuid import UUID

import psycopg
import pytest

from shared.db.connection import Database
from shared.ids import UserId
from tests.fixtures.phone import Phone
from tests.fixtures.searchable import add_block, keep, unit


@pytest.fixture
def sessions(alice: Phone, api_db: Database, everything: psycopg.Connection) -> list[UUID]:
    """Two sessions of Alice's about the same, and one about something else."""
    alice.ok("GET", "/api/me")
    row = everything.execute("SELECT id FROM users WHERE firebase_uid = %s", [alice.uid]).fetchone()
    assert row is not None
    user_id = UserId(row[0])
    blocks = [add_block(everything, user_id) for _ in range(3)]
    for block, text, vector in zip(
        blocks, ("soup", "more soup", "a train"), (unit(1), unit(1, 0.1), unit(0, 1)), strict=True
    ):
        keep(api_db, user_id, block, [text], [vector])
    return [session_id for session_id, _ in blocks]


def test_the_answer_has_the_shape_the_app_reads(alice: Phone, sessions: list[UUID]) -> None:
    answer = alice.ok("GET", f"/api/sessions/{sessions[0]}/related")
    (related,) = answer["results"]
    assert answer["session_id"] == str(sessions[0])
    assert related.pop("created_at").endswith("Z")
    assert 0.9 < related.pop("similarity") <= 1
    for passage in related["because"].values():
        UUID(passage.pop("block_id"))
    nothing_spoken = {"start_ms": None, "media_id": None}
    assert related == {
        "session_id": str(sessions[1]),
        "title": None,
        "because": {"mine": {"text": "soup", **nothing_spoken}, "theirs": {"text": "more soup", **nothing_spoken}},
    }


def test_a_session_with_no_text_is_like_none(alice: Phone) -> None:
    session_id = alice.session()
    assert alice.ok("GET", f"/api/sessions/{session_id}/related") == {"session_id": session_id, "results": []}


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 21}, {"limit": "many"}, {"threshold": 0.5}], ids=str)
def test_what_cannot_be_asked_is_refused(alice: Phone, sessions: list[UUID], query: dict[str, object]) -> None:
    status, code = alice.refused("GET", f"/api/sessions/{sessions[0]}/related", query=query)
    assert (status, code) == (422, "value_invalid")


def test_what_is_no_id_is_not_found_and_no_defect(alice: Phone) -> None:
    status, code = alice.refused("GET", "/api/sessions/soup/related")
    assert status in {404, 422}
    assert code in {"not_found", "value_invalid"}

"""A POST with an Idempotency-Key has one effect and one answer, however often it arrives."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from dev.postgres import Postgres
from functions.api.sessions.routes import Routes as SessionsRoutes
from shared.db.connection import Database
from shared.errors import KeyRunning
from shared.idempotency.keep_answer import keep_answer
from shared.idempotency.model import Answer as KeptAnswer
from shared.idempotency.model import Claim
from shared.ids import UserId, new_id
from shared.sessions.create_session import create_session
from shared.sessions.model import SessionType
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import Backend, count_of
from tests.fixtures.crowds import crowd
from tests.fixtures.declared import declared_handler
from tests.fixtures.phone import Answer, Phone, upload_of
from tests.fixtures.storefront import RolePhone

VOICE = {"session_type": "voice"}

Case = tuple[str, Any]
"""Where a request goes, and its body."""


def keyed(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


def a_key() -> str:
    return f"key-{uuid4()}"


def user_id_of(everything: psycopg.Connection, phone: Phone) -> UserId:
    row: Any = everything.execute("SELECT id FROM users WHERE firebase_uid = %s", [phone.uid]).fetchone()
    return row[0]


def is_a_replay(first: Answer, second: Answer) -> bool:
    """The same bytes, and marked."""
    assert (second.status, second.body) == (first.status, first.body)
    return second.headers.get("idempotency-replayed") == "true"


def test_a_repeat_is_answered_with_the_same_bytes_and_changes_nothing(
    alice: Phone, everything: psycopg.Connection
) -> None:
    key = a_key()
    first = alice.call("POST", "/api/sessions", VOICE, headers=keyed(key))
    second = alice.call("POST", "/api/sessions", VOICE, headers=keyed(key))
    assert first.status == 201
    assert is_a_replay(first, second)
    assert "idempotency-replayed" not in first.headers
    assert count_of(everything, "sessions", user_id_of(everything, alice)) == 1


def test_without_a_key_the_same_request_is_another_one(alice: Phone) -> None:
    assert alice.session() != alice.session()


KEPT: Mapping[str, Callable[[Phone], Case]] = {
    "blocks": lambda phone: (f"/api/sessions/{phone.session()}/blocks", {"block_type": "marker", "text_content": "x"}),
    "finalize": lambda phone: (f"/api/sessions/{phone.session()}/finalize", {}),
    "process": lambda phone: (f"/api/sessions/{_raw(phone)}/process", None),
    "checkout": lambda _: ("/api/payments/checkout", {"package_id": "starter"}),
}


def _raw(phone: Phone) -> str:
    """A session with a note, finalized without AI."""
    session_id = phone.session()
    phone.block(session_id, text_content="Remember the milk.")
    phone.ok("POST", f"/api/sessions/{session_id}/finalize", {"ai": False})
    return session_id


@pytest.mark.parametrize("case", KEPT)
def test_every_change_keeps_its_answer_beside_it(alice: Phone, everything: psycopg.Connection, case: str) -> None:
    (path, body), key = KEPT[case](alice), a_key()
    first = alice.call("POST", path, body, headers=keyed(key))
    assert first.status in {200, 201}, first
    rows = _rows_of(everything, alice)
    assert is_a_replay(first, alice.call("POST", path, body, headers=keyed(key)))
    assert _rows_of(everything, alice) == rows


def _rows_of(everything: psycopg.Connection, phone: Phone) -> list[int]:
    user_id = user_id_of(everything, phone)
    return [
        count_of(everything, table, user_id) for table in ("session_blocks", "ai_jobs", "credit_ledger", "payments")
    ]


def test_an_administrators_grant_is_one_grant(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    alice.ok("GET", "/api/me")
    path = f"/api/admin/users/{user_id_of(everything, alice)}/credits"
    body, key = {"id": str(uuid4()), "credits": 5, "reason": "for a test"}, a_key()
    first = administrator.call("POST", path, body, headers=keyed(key))
    assert first.status == 201
    assert is_a_replay(first, administrator.call("POST", path, body, headers=keyed(key)))
    assert alice.ok("GET", "/api/me/credits") == {"credits": 8}


def test_an_administrator_who_was_dismissed_is_told_nothing_of_what_they_did(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    alice.ok("GET", "/api/me")
    path = f"/api/admin/users/{user_id_of(everything, alice)}/credits"
    body, key = {"id": str(uuid4()), "credits": 5, "reason": "for a test"}, a_key()
    administrator.ok("POST", path, body, headers=keyed(key))
    everything.execute("DELETE FROM administrators")
    answer = administrator.call("POST", path, body, headers=keyed(key))
    assert (answer.status, answer.code) == (403, "admin_only")


def test_another_body_path_or_query_under_the_key_is_refused(alice: Phone) -> None:
    key = a_key()
    alice.ok("POST", "/api/sessions", VOICE, headers=keyed(key))
    for path, body in (
        ("/api/sessions", {"session_type": "image"}),
        ("/api/sync/reconcile", VOICE),
    ):
        assert alice.refused("POST", path, body, headers=keyed(key)) == (422, "idempotency_reused")
    query = alice.call("POST", "/api/sessions", VOICE, query={"x": "1"}, headers=keyed(key))
    assert (query.status, query.code) == (422, "idempotency_reused")


def test_a_request_that_is_under_way_is_waited_for(alice: Phone, everything: psycopg.Connection) -> None:
    key = a_key()
    alice.ok("POST", "/api/sessions", VOICE, headers=keyed(key))
    running = """
        UPDATE idempotency_keys
        SET status = NULL, headers = NULL, body = NULL, claimed_until = now() + %s
        WHERE key = %s
    """
    everything.execute(running, ["30 s", key])
    answer = alice.call("POST", "/api/sessions", VOICE, headers=keyed(key))
    assert (answer.status, answer.code) == (409, "idempotency_running")
    assert 0 < int(answer.headers["retry-after"]) <= 30
    everything.execute(running, ["-1 s", key])
    assert alice.call("POST", "/api/sessions", VOICE, headers=keyed(key)).status == 201


def test_a_request_that_was_refused_gives_its_key_back(alice: Phone) -> None:
    key = a_key()
    nowhere = f"/api/sessions/{uuid4()}/finalize"
    assert alice.refused("POST", nowhere, {}, headers=keyed(key)) == (404, "not_found")
    assert alice.refused("POST", nowhere, {"wrong": 1}, headers=keyed(key)) == (422, "value_invalid")
    assert alice.call("POST", "/api/sessions", VOICE, headers=keyed(key)).status == 201


def test_two_users_may_choose_the_same_key(alice: Phone, bob: Phone) -> None:
    key = a_key()
    first = alice.ok("POST", "/api/sessions", VOICE, headers=keyed(key))
    assert bob.ok("POST", "/api/sessions", VOICE, headers=keyed(key))["id"] != first["id"]


@pytest.mark.parametrize("key", ["", " ", "with space", "x" * 256, "é"])
def test_what_is_no_key_is_refused(alice: Phone, key: str) -> None:
    assert alice.refused("POST", "/api/sessions", VOICE, headers=keyed(key)) == (422, "value_invalid")


def test_other_methods_take_no_notice_of_a_key(alice: Phone) -> None:
    key = keyed(a_key())
    assert alice.ok("GET", "/api/me", headers=key) == alice.ok("GET", "/api/me", headers=key)
    for language in ("pt", "en"):
        changed = alice.ok("PATCH", "/api/me", {"preferred_language": language}, headers=key)
        assert changed["preferred_language"] == language


def test_a_repeated_presign_is_the_same_file_and_no_url_is_kept(alice: Phone, everything: psycopg.Connection) -> None:
    key, session_id = a_key(), alice.session()
    first = alice.ok("POST", "/api/uploads/presign", upload_of(session_id), headers=keyed(key))
    second = alice.call("POST", "/api/uploads/presign", upload_of(session_id), headers=keyed(key))
    assert second.json()["media_id"] == first["media_id"]
    assert "idempotency-replayed" not in second.headers
    assert everything.execute("SELECT status, body FROM idempotency_keys WHERE key = %s", [key]).fetchall() == [
        (None, None)
    ]
    other = {**upload_of(session_id), "size_bytes": 10}
    assert alice.refused("POST", "/api/uploads/presign", other, headers=keyed(key)) == (422, "idempotency_reused")


def test_a_search_is_asked_again_and_no_note_is_copied(alice: Phone, everything: psycopg.Connection) -> None:
    key = a_key()
    for _ in range(2):
        answer = alice.call("POST", "/api/search/semantic", {"query": "milk"}, headers=keyed(key))
        assert (answer.status, answer.headers.get("idempotency-replayed")) == (200, None)
    assert everything.execute("SELECT body FROM idempotency_keys WHERE key = %s", [key]).fetchall() == [(None,)]


def test_twenty_at_once_have_one_effect(
    alice: Phone, everything: psycopg.Connection, postgres: Postgres, api_database: str
) -> None:
    alice.ok("GET", "/api/me")
    key = a_key()

    def send(db: Database) -> Answer:
        handler = declared_handler(SessionsRoutes(db=db, queue=MemoryQueue()).endpoints(), db)
        phone = Phone(handlers={"sessions": handler}, uid=alice.uid)
        return phone.call("POST", "/api/sessions", VOICE, headers=keyed(key))

    with crowd(postgres.url(api_database, role="second_brain_app"), 20) as people:
        answers = people.all_at_once([send] * 20)
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.body for answer in answers if answer.status == 201}) == 1
    assert count_of(everything, "sessions", user_id_of(everything, alice)) == 1


def test_a_request_whose_key_was_taken_over_changes_nothing(
    api: Backend, alice: Phone, everything: psycopg.Connection
) -> None:
    """It was slower than its lease: another serves the repeat, and this one's change is rolled back."""
    alice.ok("GET", "/api/me")
    user_id = user_id_of(everything, alice)
    late = Claim(key=a_key(), fingerprint=b"f", id=new_id())
    insert = (
        "INSERT INTO idempotency_keys (user_id, key, fingerprint, claim, claimed_until) VALUES (%s, %s, %s, %s, now())"
    )
    everything.execute(insert, [user_id, late.key, b"f", new_id()])
    answer = KeptAnswer(status=201, headers={}, body="{}")
    with pytest.raises(KeyRunning):
        create_session(
            api.db,
            user_id,
            session_id=None,
            session_type=SessionType.VOICE,
            language=None,
            title=None,
            keep=lambda tx, _: keep_answer(tx, user_id, late, answer),
        )
    assert count_of(everything, "sessions", user_id) == 0

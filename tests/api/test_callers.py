"""Who is calling, and which request it was."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from functions.catalogue import FUNCTIONS
from shared.db.connection import Database
from shared.db.database_url import read_database_url
from tests.api.conftest import NewPhone
from tests.fixtures.captured import Backend
from tests.fixtures.phone import Phone, event_of

TESTED = ("profile", "sessions", "uploads", "payments", "checkout")
USER_ROUTES = [
    (function.name, route.method, route.path)
    for function in FUNCTIONS
    if function.name in TESTED
    for route in function.routes
    if route.auth == "user"
]


@pytest.mark.parametrize(("function", "method", "path"), USER_ROUTES)
def test_without_verified_claims_no_route_answers(
    alice: Phone, function: str, method: str, path: str, everything: psycopg.Connection
) -> None:
    where = path.replace("{", "").replace("}", "")
    users = everything.execute("SELECT count(*) FROM users").fetchone()
    event = event_of(method, where, claims=None, headers={"authorization": "Bearer anything"})
    context = event["requestContext"]
    for authorizer in (
        None,
        {},
        {"jwt": {}},
        {"jwt": {"claims": {}}},
        {"jwt": {"claims": {"sub": ""}}},
        {"jwt": {"claims": {"sub": "x" * 129}}},
        {"jwt": {"claims": {"sub": 5}}},
        {"jwt": {"claims": {"user_id": "someone"}}},
        {"lambda": {"sub": "someone"}},
        {"sub": "someone"},
        {"claims": {"sub": "someone"}},
    ):
        answer = alice.send({**event, "requestContext": {**context, "authorizer": authorizer}}, function)
        assert (answer.status, answer.code) == (401, "unauthenticated"), authorizer
    assert everything.execute("SELECT count(*) FROM users").fetchone() == users


def test_a_uid_of_128_characters_is_a_user(phone_of: NewPhone) -> None:
    phone = phone_of("x")
    longest = Phone(handlers=phone.handlers, uid=f"{phone.uid}{'x' * 128}"[:128])
    assert longest.ok("GET", "/api/me")["credits"] == 3


@pytest.mark.parametrize("uid", ["a\x00b", "\ud800"])
def test_a_uid_that_is_no_text_is_refused(alice: Phone, uid: str) -> None:
    event = event_of("GET", "/api/me", claims={"sub": uid})
    answer = alice.send(event, "profile")
    assert 400 <= answer.status < 500
    assert answer.code


def test_claims_that_came_as_something_else_than_text_are_left_out(phone_of: NewPhone) -> None:
    phone = phone_of("odd")
    claims: dict[str, Any] = {"sub": phone.uid, "email": {"a": 1}, "role": ["admin"]}
    event = event_of("GET", "/api/me", claims=claims)
    event["requestContext"]["authorizer"]["jwt"]["claims"] = claims
    answer = phone.send(event, "profile")
    assert (answer.status, answer.json()["email"]) == (200, None)


def test_a_disabled_account_is_refused_on_every_route(alice: Phone, everything: psycopg.Connection) -> None:
    alice.ok("GET", "/api/me")
    everything.execute("UPDATE users SET disabled_at = now() WHERE firebase_uid = %s", [alice.uid])
    for _, method, path in USER_ROUTES:
        where = path.replace("{", "").replace("}", "")
        assert alice.refused(method, where) == (403, "account_disabled")


@pytest.mark.parametrize("request_id", ["a", "3f1c-é"[:4], "A.b_c:d=e-9", "x" * 128])
def test_a_sane_request_id_is_echoed(alice: Phone, request_id: str) -> None:
    for path, status in (("/api/me", 200), ("/api/sessions/x", 404)):
        answer = alice.call("GET", path, headers={"x-request-id": request_id})
        assert (answer.status, answer.headers["x-request-id"]) == (status, request_id)


@pytest.mark.parametrize("request_id", ["", "x" * 129, "a b", "a\nb", "<script>", "é", 'a"b', "a,b"])
def test_an_insane_request_id_is_replaced_by_the_gateways(alice: Phone, request_id: str) -> None:
    answer = alice.call("GET", "/api/me", headers={"x-request-id": request_id})
    assert answer.headers["x-request-id"] == "gateway-id="


def test_the_request_id_travels_with_what_it_started(alice: Phone, everything: psycopg.Connection) -> None:
    session_id = alice.session()
    alice.block(session_id, text_content="x")
    alice.ok("POST", f"/api/sessions/{session_id}/finalize", headers={"x-request-id": "walk-1"})
    rows = everything.execute("SELECT DISTINCT correlation_id FROM outbox WHERE correlation_id = 'walk-1'").fetchall()
    assert rows == [("walk-1",)]


def test_answers_tell_browsers_to_keep_nothing_and_guess_nothing(alice: Phone) -> None:
    for path in ("/api/me", "/api/sessions/x"):
        headers = alice.call("GET", path).headers
        assert headers.items() >= {"cache-control": "no-store", "x-content-type-options": "nosniff"}.items()


def test_a_database_that_is_away_is_503_with_when_to_come_back(
    alice: Phone, api_db: Database, monkeypatch: Any
) -> None:
    api_db.close()
    monkeypatch.setattr(api_db, "_url", read_database_url("postgresql://nobody@/nothing?host=/nowhere"))
    answer = alice.call("GET", "/api/me")
    assert (answer.status, answer.code) == (503, "database_unavailable")
    assert int(answer.headers["retry-after"]) >= 1


def test_what_people_write_and_what_opens_doors_never_reaches_the_log(
    alice: Phone, api: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    session_id = alice.session(title="canary-title")
    alice.block(session_id, text_content="canary-text", metadata={"place": "canary-place"})
    alice.ok("PUT", f"/api/me/devices/{uuid4()}", {"fcm_token": "canary-token"})
    media = alice.presign(session_id)
    api.store.put(media["object_key"], b"canary-bytes")
    alice.ok("POST", "/api/uploads/commit", {"media_id": media["media_id"]})
    alice.ok("GET", "/api/sessions", query={"q": "canary-query"})
    for body in ({"text_content": "canary-wrong\x00"}, {"block_type": "canary-type", "canary-field": 1}):
        assert alice.call("POST", f"/api/sessions/{session_id}/blocks", body).status == 422
    alice.ok("POST", f"/api/sessions/{session_id}/finalize")
    logged = "\n".join(str(vars(record)) for record in caplog.records)
    assert "answered" in logged
    for secret in ("canary", "memory:///", str(alice.uid), "example.org"):
        assert secret not in logged

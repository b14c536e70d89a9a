"""What administrators see of users and their work, and what they do about it: on record, and without notes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.api.conftest import NewPhone
from tests.fixtures.deeds import count_deeds, id_of
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import RolePhone

A = "/api/admin"
WHY = {"reason": "asked for by support"}
SECRET = "the canary sings at noon"


def captured(phone: Phone) -> dict[str, Any]:
    """A session whose title, text and summary hold the secret; under way."""
    session = phone.ok("POST", "/api/sessions", {"session_type": "mixed", "title": SECRET})
    path = f"/api/sessions/{session['id']}"
    phone.ok("POST", f"{path}/blocks", {"block_type": "marker", "text_content": SECRET})
    phone.ok("POST", f"{path}/finalize", {}, headers={"x-request-id": "phone-21"})
    return session


def deeds(administrator: RolePhone, **query: Any) -> list[tuple[Any, ...]]:
    """Newest first: what, whose, why."""
    page = administrator.ok("GET", f"{A}/audit", query={"limit": 100, **query})
    return [(deed["action"], deed["subject"], deed["user_id"], deed["reason"]) for deed in page["deeds"]]


def test_a_user_is_found_by_how_their_address_or_uid_begins(
    administrator: RolePhone, phone_of: NewPhone, everything: psycopg.Connection
) -> None:
    phone = phone_of("needle")
    user_id = id_of(everything, phone)
    everything.execute("UPDATE users SET email = 'Needle.In@Hay.example' WHERE id = %s", [user_id])
    for query in ({"email": "needle.IN@"}, {"uid": phone.uid}, {"email": "needle", "disabled": "false"}):
        found = administrator.ok("GET", f"{A}/users", query=query)
        assert [user["id"] for user in found["users"]] == [user_id], query
    for query in ({"email": "needle%"}, {"email": "eedle"}, {"uid": phone.uid, "disabled": "true"}, {"uid": "need%"}):
        assert administrator.ok("GET", f"{A}/users", query=query) == {"users": [], "next_cursor": None}, query
    assert administrator.refused("GET", f"{A}/users", query={"email": "ne"}) == (422, "value_invalid")


def test_pages_of_users_hold_everybody_once_newest_first(administrator: RolePhone, phone_of: NewPhone) -> None:
    uids = [phone_of("page").uid for _ in range(5)]
    for uid in uids:
        Phone(handlers=administrator.handlers, uid=uid).ok("GET", "/api/me")
    found: list[str] = []
    query: dict[str, Any] = {"uid": "page-", "limit": 2}
    for _ in range(4):
        page = administrator.ok("GET", f"{A}/users", query=query)
        found += [user["firebase_uid"] for user in page["users"]]
        query["cursor"] = page["next_cursor"]
        if page["next_cursor"] is None:
            break
    assert found == uids[::-1]


def test_a_user_is_seen_from_outside_and_nothing_they_said_is_shown_anywhere(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    session = captured(alice)
    user_id = id_of(everything, alice)
    everything.execute("UPDATE sessions SET ai_summary = %s, language = 'pt-BR'", [SECRET])
    facts = administrator.ok("GET", f"{A}/users/{user_id}")
    assert (facts["user"]["id"], facts["user"]["credits"]) == (user_id, 2)
    assert facts["sessions"] == {"pending_processing": 1}
    (job,) = facts["jobs"]
    assert (job["session_id"], job["status"], job["kind"]) == (session["id"], "pending", "session_processing")
    assert {step["kind"] for step in job["steps"]} == {"embed", "summarise"}
    assert {step["correlation_id"] for step in job["steps"]} == {"phone-21"}
    shown = [
        administrator.call("GET", f"{A}/{what}", query=query).body
        for what in ("users", "sessions", "jobs", "usage", "audit", "queues", "status", "payments", "providers")
        for query in ({}, {"user_id": user_id})
    ]
    assert SECRET not in json.dumps([facts, *(str(body) for body in shown)])
    assert administrator.refused("GET", f"{A}/users/{uuid4()}") == (404, "not_found")


def test_looking_at_people_is_on_record_without_their_addresses(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    user_id = id_of(everything, alice)
    before = count_deeds(everything)
    for path in ("sessions", "jobs", "usage", "payments", "queues", "status", "providers"):
        administrator.ok("GET", f"{A}/{path}")
    assert count_deeds(everything) == before
    administrator.ok("GET", f"{A}/users", query={"email": "alice@"})
    administrator.ok("GET", f"{A}/users/{user_id}")
    for path in ("sessions", "jobs", "usage", "payments"):
        administrator.ok("GET", f"{A}/{path}", query={"user_id": user_id})
    looks = [(subject, whose) for _, subject, whose, _ in deeds(administrator, action="look")][:6]
    of_alice = [(what, user_id) for what in ("payments", "usage", "jobs", "sessions", "user")]
    assert looks == [*of_alice, ("users", None)]
    kept = everything.execute("SELECT details::text FROM audit_log WHERE subject = 'users'").fetchall()
    assert ('{"filters": ["email"]}',) in kept
    assert "alice" not in str(kept)


def test_an_account_is_shut_from_the_next_request_on_and_opened_again(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    user_id = id_of(everything, alice)
    for _ in range(2):
        shut = administrator.ok("POST", f"{A}/users/{user_id}/disable", WHY)
        assert shut["disabled_at"] is not None
    assert alice.refused("GET", "/api/me") == (403, "account_disabled")
    listed = administrator.ok("GET", f"{A}/users", query={"disabled": "true", "uid": alice.uid})
    assert [user["id"] for user in listed["users"]] == [user_id]
    assert administrator.ok("POST", f"{A}/users/{user_id}/enable", WHY)["disabled_at"] is None
    assert alice.ok("GET", "/api/me")["credits"] == 3
    did = [deed for deed in deeds(administrator, user_id=user_id) if deed[0] != "look"]
    subject = f"user {user_id}"
    assert did == [
        ("enable_user", subject, user_id, WHY["reason"]),
        ("disable_user", subject, user_id, WHY["reason"]),
    ]


def test_nobody_shuts_themselves_out_or_somebody_without_a_reason(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    own = everything.execute("SELECT id FROM users WHERE firebase_uid = %s", [administrator.uid]).fetchone()
    assert own is not None
    assert administrator.refused("POST", f"{A}/users/{own[0]}/disable", WHY) == (409, "own_account")
    path = f"{A}/users/{id_of(everything, alice)}/disable"
    for body in ({}, {"reason": "no"}, {"reason": "x" * 501}):
        assert administrator.refused("POST", path, body) == (422, "value_invalid")
    assert administrator.refused("POST", f"{A}/users/{uuid4()}/disable", WHY) == (404, "not_found")
    assert alice.ok("GET", "/api/me")


def test_who_is_dismissed_is_out_at_once_whatever_their_token_says(
    administrator: RolePhone, everything: psycopg.Connection
) -> None:
    key = {"idempotency-key": str(uuid4())}
    body = {"provider": "groq", "on": False, **WHY}
    administrator.ok("POST", f"{A}/providers/switch", body, headers=key)
    everything.execute(
        "DELETE FROM administrators a USING users u WHERE u.id = a.user_id AND u.firebase_uid = %s", [administrator.uid]
    )
    assert administrator.refused("GET", f"{A}/users") == (403, "admin_only")
    repeat = administrator.call("POST", f"{A}/providers/switch", body, headers=key)
    assert (repeat.status, repeat.json()["code"]) == (403, "admin_only")  # not even an answer that was kept


def test_sessions_by_status_owner_and_time(
    administrator: RolePhone, alice: Phone, bob: Phone, everything: psycopg.Connection
) -> None:
    mine, theirs = captured(alice)["id"], captured(bob)["id"]
    everything.execute("UPDATE sessions SET status = 'failed', failure_reason = 'no_text' WHERE id = %s", [theirs])
    failed = administrator.ok("GET", f"{A}/sessions", query={"status": "failed", "limit": 1})["sessions"]
    assert [(session["id"], session["failure_reason"]) for session in failed] == [(theirs, "no_text")]
    of_alice = administrator.ok("GET", f"{A}/sessions", query={"user_id": id_of(everything, alice)})["sessions"]
    assert [session["id"] for session in of_alice] == [mine]
    soon = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert administrator.ok("GET", f"{A}/sessions", query={"from": soon, "to": soon})["sessions"] == []
    for query in (
        {"from": "2026-01-01T00:00:00Z", "to": "2026-02-02T00:00:00Z"},
        {"from": "2026-02-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
    ):
        assert administrator.refused("GET", f"{A}/sessions", query=query) == (422, "value_invalid")


def test_jobs_by_status_and_age(administrator: RolePhone, alice: Phone, everything: psycopg.Connection) -> None:
    session = captured(alice)
    everything.execute(
        "UPDATE ai_jobs SET created_at = now() - interval '2 hours' WHERE session_id = %s", [session["id"]]
    )
    user_id = id_of(everything, alice)
    (old,) = administrator.ok("GET", f"{A}/jobs", query={"user_id": user_id, "older_than": 3_600})["jobs"]
    assert (old["session_id"], old["status"]) == (session["id"], "pending")
    assert 7_200 <= old["age_seconds"] < 10_800
    for query in ({"status": "failed"}, {"kind": "reembedding"}, {"older_than": 10_000}):
        assert administrator.ok("GET", f"{A}/jobs", query={"user_id": user_id, **query})["jobs"] == []


def test_usage_is_added_up_by_day_kind_and_user(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    user_id = id_of(everything, alice)
    everything.execute(
        """
        INSERT INTO ai_usage
          (user_id, id, provider, model, operation_type, tokens_used, audio_ms, cost_cents, created_at)
        SELECT %s, gen_random_uuid(), 'acme', 'm-1', 'embed', 10, 500, CASE WHEN n < 3 THEN 0.25 END,
               timestamptz '2026-03-01 10:00:00+00' + (n %% 2) * interval '1 day'
        FROM generate_series(0, 3) n
        """,
        [user_id],
    )
    query = {"user_id": user_id, "from": "2026-03-01T00:00:00Z", "to": "2026-03-03T00:00:00Z"}
    usage = administrator.ok("GET", f"{A}/usage", query=query)
    rows = [(day["day"], day["calls"], day["tokens"], day["cost_cents"], day["unpriced"]) for day in usage["days"]]
    assert rows == [("2026-03-02", 2, 20, 0.25, 1), ("2026-03-01", 2, 20, 0.5, 0)]
    assert usage["users"] == [{"user_id": user_id, "calls": 4, "tokens": 40, "audio_seconds": 2.0, "cost_cents": 0.75}]


@pytest.mark.parametrize(("method", "path"), [("GET", "/users"), ("POST", "/providers/switch")])
def test_a_token_alone_opens_nothing(administrator: RolePhone, method: str, path: str) -> None:
    claims = {"role": "admin"}
    nobody_appointed = RolePhone(handlers=administrator.handlers, uid=f"impostor-{uuid4()}", claims=claims)
    body = None if method == "GET" else {"provider": "groq", "on": False, **WHY}
    assert nobody_appointed.refused(method, A + path, body) == (403, "admin_only")

"""What the edge demands and promises, whatever the route."""

import json
from typing import Any

import psycopg
import pytest

from functions.api.profile.routes import Routes
from shared.db.connection import Database
from shared.edge.http import SECURITY_HEADERS, http_handler
from shared.edge.rules import Rules
from shared.limits.model import Rate
from tests.api.conftest import NewPhone
from tests.fixtures.phone import Phone, event_of
from tests.fixtures.storefront import RolePhone

ANONYMOUS: list[dict[str, Any]] = [
    {"provider_id": "anonymous"},
    {"firebase": "map[identities:map[] sign_in_provider:anonymous]"},
]


def phone_under(db: Database, rules: Rules, uid: str) -> Phone:
    return Phone(handlers={"profile": http_handler(Routes(db=db).endpoints(), db, rules)}, uid=uid)


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/me"), ("PATCH", "/api/me"), ("GET", "/api/health/live")])
def test_every_answer_bears_the_security_headers(alice: Phone, method: str, path: str) -> None:
    answer = alice.call(method, path)
    assert SECURITY_HEADERS.items() <= answer.headers.items()
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("claims", ANONYMOUS)
def test_anonymous_sign_in_is_refused_unless_it_is_allowed(api_db: Database, alice: Phone, claims: Any) -> None:
    event = event_of("GET", "/api/me", claims={"sub": alice.uid, **claims})
    answer = alice.send(event, "profile")
    assert (answer.status, answer.code) == (403, "anonymous_refused")
    allowed = phone_under(api_db, Rules(takes_anonymous=True), str(alice.uid))
    assert allowed.send(event, "profile").status == 200


@pytest.mark.parametrize("auth_time", ["", "yesterday", "1e9", "-5", " 12", "1_000", "٣", 1.5, True, ["1"]])
def test_a_sign_in_time_that_is_no_number_of_seconds_is_refused(alice: Phone, auth_time: Any) -> None:
    answer = alice.send(event_of("GET", "/api/me", claims={"sub": alice.uid, "auth_time": auth_time}), "profile")
    assert (answer.status, answer.code) == (401, "unauthenticated")


@pytest.mark.parametrize("role", ["Admin", "admin ", "true", True, ["admin"], {"admin": True}, "user"])
def test_only_the_word_admin_makes_an_administrator(alice: Phone, role: Any) -> None:
    answer = alice.send(event_of("GET", "/api/admin/payments", claims={"sub": alice.uid, "role": role}), "admin")
    assert (answer.status, answer.code) == (403, "admin_only")


def test_the_word_alone_or_the_appointment_alone_opens_nothing(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    def asks(uid: str | None, *, role: str | None) -> int:
        claims = {"sub": uid} | ({} if role is None else {"role": role})
        return alice.send(event_of("GET", "/api/admin/payments", claims=claims), "admin").status

    alice.ok("GET", "/api/me")
    assert asks(administrator.uid, role="admin") == 200
    assert asks(administrator.uid, role=None) == 403
    assert asks(alice.uid, role="admin") == 403
    everything.execute("DELETE FROM administrators")
    assert asks(administrator.uid, role="admin") == 403


@pytest.mark.parametrize("path", ["/api/health", "/api/payments/packages"])
def test_an_open_route_takes_no_query_string(alice: Phone, path: str) -> None:
    assert alice.refused("GET", path, query={"x": "1"}) == (422, "value_invalid")


def test_who_comes_too_often_is_told_when_to_come_again(api_db: Database, phone_of: NewPhone) -> None:
    rules = Rules(rates={"read": Rate(capacity=2, per_minute=1)})
    phone = phone_under(api_db, rules, str(phone_of("eager").uid))
    assert [phone.call("GET", "/api/me").status for _ in range(2)] == [200, 200]
    refused = phone.call("GET", "/api/me")
    assert (refused.status, refused.code) == (429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert phone.call("PATCH", "/api/me", {"preferred_language": "pt"}).status == 200


def test_whoever_is_refused_leaves_no_transaction_open(
    alice: Phone, api_db: Database, everything: psycopg.Connection
) -> None:
    alice.ok("GET", "/api/me")
    everything.execute("UPDATE users SET disabled_at = now() WHERE firebase_uid = %s", [alice.uid])
    assert alice.refused("GET", "/api/me") == (403, "account_disabled")
    open_ones = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()"
    assert everything.execute(open_ones).fetchone() == (0,)
    api_db.check()


def test_a_422_always_names_what_is_wrong(alice: Phone) -> None:
    for body in ({"session_type": "voice", "credits": 5}, {"session_type": "voice", "title": "a\x00b"}):
        answer = alice.call("POST", "/api/sessions", body)
        assert answer.status == 422
        assert json.loads(answer.body)["errors"]

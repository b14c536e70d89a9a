"""Signing out everywhere, being signed out elsewhere, and leaving for good."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from functions.catalogue import FUNCTIONS
from shared.edge.http import Handler, http_handler
from tests.api.conftest import NewPhone
from tests.fakes.memory_accounts import MemoryAccounts
from tests.fixtures.captured import Backend
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import Storefront
from tests.fixtures.whole_users import rows_of

LOGOUT = "/api/auth/logout"
NOW = int(time.time())
REVOKED, DISABLED, AWAY = (401, "token_revoked"), (403, "account_disabled"), (503, "provider_unavailable")
CHECKED: list[tuple[str, str, Any]] = [
    ("DELETE", "/api/me", None),
    ("POST", LOGOUT, {}),
    ("POST", "/api/payments/checkout", {"package_id": "starter"}),
    ("POST", "/api/me/export", None),
    ("GET", "/api/me/export", None),
]


@pytest.fixture
def signed_in(phone_of: NewPhone) -> Callable[[int], Phone]:
    """Phones of one new user, by how many seconds ago each signed in."""
    phone = phone_of("alice")
    return lambda seconds: replace(phone, auth_time=NOW - seconds)


def everything_but(*functions: str) -> list[tuple[str, str]]:
    """Method and path of every route of users and administrators that the tests have a handler of."""
    tested = {"profile", "sessions", "search", "sync", "uploads", "payments", "checkout", "account", "admin"}
    return [
        (route.method, route.path.replace("{", "").replace("}", ""))
        for function in FUNCTIONS
        if function.name in tested - set(functions)
        for route in function.routes
        if route.auth == "user"
    ]


def test_logging_out_on_one_phone_ends_every_sign_in_until_now_and_none_after(
    signed_in: Callable[[int], Phone], accounts: MemoryAccounts
) -> None:
    phone, tablet = signed_in(60), signed_in(3_000)
    device = str(uuid4())
    for one in (phone, tablet):
        assert one.ok("GET", "/api/me")["credits"] == 3
    phone.ok("PUT", f"/api/me/devices/{device}", {"fcm_token": "t"})
    assert phone.call("POST", LOGOUT, {"device_id": device}).status == 204
    for one in (phone, tablet):
        for method, path in everything_but():
            assert one.refused(method, path) == REVOKED, (method, path)
    assert accounts.people.find(str(phone.uid)) is not None
    person = accounts.people.find(str(phone.uid))
    assert person is not None
    assert person.valid_since is not None
    again = replace(phone, auth_time=int(time.time()) + 60)
    assert again.ok("GET", "/api/me")["credits"] == 3
    assert again.refused("DELETE", f"/api/me/devices/{device}") == (404, "not_found")


def test_a_token_that_does_not_say_when_it_signed_in_counts_until_somebody_logs_out(phone_of: NewPhone) -> None:
    phone = phone_of("vague")
    assert phone.call("POST", LOGOUT).status == 204
    assert phone.refused("GET", "/api/me") == REVOKED


@pytest.mark.parametrize("auth_time", ["soon", "1e9", " 1", "1_000", "٣", "-5", "", "1.5"])
def test_a_sign_in_time_that_is_no_number_is_refused_everywhere(phone_of: NewPhone, auth_time: str) -> None:
    phone: Any = replace(phone_of("odd"), auth_time=auth_time)
    assert phone.refused("GET", "/api/me") == (401, "unauthenticated")


@pytest.mark.parametrize(("method", "path", "body"), CHECKED)
def test_a_sign_in_that_was_ended_elsewhere_is_found_out_before_anything_is_done_and_remembered(
    signed_in: Callable[[int], Phone],
    accounts: MemoryAccounts,
    everything: psycopg.Connection,
    method: str,
    path: str,
    body: Any,
) -> None:
    old, new = signed_in(600), signed_in(60)
    user_id = user_of(everything, new)
    before = rows_of(everything, user_id)
    accounts.people.sign_out(str(old.uid), NOW - 300)
    assert old.call("GET", "/api/me").status == 200
    assert old.refused(method, path, body) == REVOKED
    assert old.refused("GET", "/api/me") == REVOKED
    assert rows_of(everything, user_id) == before
    assert new.call("GET", "/api/me").status == 200


@pytest.mark.parametrize(("method", "path", "body"), CHECKED)
def test_what_cannot_be_asked_is_not_done(
    signed_in: Callable[[int], Phone],
    accounts: MemoryAccounts,
    everything: psycopg.Connection,
    method: str,
    path: str,
    body: Any,
) -> None:
    phone = signed_in(60)
    user_id = user_of(everything, phone)
    before = rows_of(everything, user_id)
    accounts.is_down = True
    answer = phone.call(method, path, body)
    assert (answer.status, answer.code) == AWAY
    assert int(answer.headers["retry-after"]) >= 1
    assert rows_of(everything, user_id) == before
    assert phone.ok("GET", "/api/me")["credits"] == 3


@pytest.mark.parametrize(("method", "path", "body"), CHECKED)
def test_an_account_that_is_gone_or_disabled_at_firebase_is_refused(
    phone_of: NewPhone, accounts: MemoryAccounts, method: str, path: str, body: Any
) -> None:
    gone, disabled = phone_of("gone"), phone_of("disabled")
    accounts.people.delete(str(gone.uid))
    accounts.people.disable(str(disabled.uid))
    assert gone.refused(method, path, body) == REVOKED
    assert disabled.refused(method, path, body) == DISABLED


def test_the_first_second_of_an_account_counts(phone_of: NewPhone, accounts: MemoryAccounts) -> None:
    """Firebase sets validSince when an account is made, to the second of its first sign-in."""
    phone = replace(phone_of("newcomer"), auth_time=NOW)
    accounts.people.sign_out(str(phone.uid), NOW)
    assert phone.call("POST", "/api/payments/checkout", {"package_id": "starter"}).status == 201


def test_without_anybody_to_ask_a_function_that_must_ask_does_not_start(handlers: Mapping[str, Handler]) -> None:
    from functions.api.account.routes import Routes  # noqa: PLC0415 - the class, not the fixture's handler

    nobody: Any = None
    with pytest.raises(ValueError, match="accounts"):
        http_handler(Routes(db=nobody, queue=nobody, stores=nobody).endpoints(), nobody)
    assert "account" in handlers


def test_after_a_deletion_no_route_answers_but_its_repeat_and_nobody_comes_back(
    signed_in: Callable[[int], Phone], storefront: Storefront, everything: psycopg.Connection, accounts: MemoryAccounts
) -> None:
    phone = signed_in(60)
    session_id = phone.session(title="a secret")
    phone.block(session_id, text_content="another")
    storefront.paid(phone)
    ordered = storefront.order(phone)
    user_id = user_of(everything, phone)
    answer = phone.call("DELETE", "/api/me")
    certificate = answer.json()
    assert (answer.status, certificate["pending"], certificate["user_id"]) == (200, [], str(user_id))
    assert {table: certificate["rows"][table] for table in ("users", "sessions", "session_blocks", "payments")} == {
        "users": 1,
        "sessions": 1,
        "session_blocks": 1,
        "payments": 2,
    }
    assert (certificate["stripe_customer"], certificate["firebase_user"]) == ("deleted", "deleted")
    assert set(rows_of(everything, user_id).values()) == {0}
    assert storefront.local.session(ordered.session_id).status == "expired"
    storefront.tell_all()  # late news of what was paid and expired
    for method, path in everything_but("account"):
        assert phone.refused(method, path) == DISABLED, (method, path)
    assert phone.refused("POST", LOGOUT) == DISABLED
    repeated = phone.call("DELETE", "/api/me")
    assert (repeated.status, repeated.json()) == (200, certificate)
    assert set(rows_of(everything, user_id).values()) == {0}
    named = everything.execute("SELECT count(*) FROM users WHERE firebase_uid = %s", [phone.uid]).fetchone()
    assert named == (0,)
    kept = everything.execute("SELECT uid_hash FROM deleted_accounts WHERE account_id = %s", [user_id]).fetchall()
    assert kept == [(sha256(str(phone.uid).encode()).digest(),)]
    assert accounts.people.find(str(phone.uid)) is None


def test_what_is_still_pending_is_said_and_a_repeat_says_how_far_it_is(
    signed_in: Callable[[int], Phone], api: Backend
) -> None:
    phone = signed_in(60)
    media = phone.presign(phone.session())
    api.store.put(media["object_key"], b"123456789")
    api.store.is_down = True
    for _ in range(2):
        answer = phone.call("DELETE", "/api/me")
        assert (answer.status, answer.json()["pending"], answer.json()["finished_at"]) == (202, ["objects"], None)
    api.store.is_down = False
    answer = phone.call("DELETE", "/api/me")
    assert (answer.status, answer.json()["objects"], answer.json()["pending"]) == (200, 1, [])


def test_somebody_else_stays_signed_in_and_whole(
    phone_of: NewPhone, everything: psycopg.Connection, accounts: MemoryAccounts
) -> None:
    alice, bob = phone_of("alice"), phone_of("bob")
    bob.session(title="bob's")
    before = rows_of(everything, user_of(everything, bob))
    assert alice.call("POST", LOGOUT).status == 204
    assert phone_of("carol").call("DELETE", "/api/me").status == 200
    assert bob.ok("GET", "/api/sessions")["sessions"][0]["title"] == "bob's"
    assert rows_of(everything, user_of(everything, bob)) == before
    assert accounts.people.find(str(bob.uid)) is not None


def user_of(everything: psycopg.Connection, phone: Phone) -> Any:
    """The user behind a phone, made at first sight."""
    phone.ok("GET", "/api/me")
    row: Any = everything.execute("SELECT id FROM users WHERE firebase_uid = %s", [phone.uid]).fetchone()
    return row[0]

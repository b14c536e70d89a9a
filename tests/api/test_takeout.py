"""Exports and imports over HTTP: what a phone asks, and what it is told."""

import hashlib
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from tests.fakes.memory_accounts import MemoryAccounts
from tests.fixtures.captured import Backend
from tests.fixtures.phone import Phone
from tests.fixtures.taking_out import deliver, files_of


def work(api: Backend) -> None:
    """The workers do what was announced."""
    announced = [entry for entry in api.queue.sent if entry[0].endswith("-account")]
    api.queue.sent = [entry for entry in api.queue.sent if entry not in announced]
    for entry in announced:
        deliver(api, *entry)


def exported(api: Backend, phone: Phone) -> tuple[Mapping[str, Any], bytes]:
    phone.call("GET", "/api/me/export")
    work(api)
    told = phone.call("GET", "/api/me/export").json()
    [content] = [
        found.content
        for found in api.store.objects.values()
        if hashlib.sha256(found.content).hexdigest() == told["sha256"]
    ]
    return told, content


def declared(content: bytes) -> dict[str, Any]:
    return {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_a_phone_takes_everything_out_and_brings_it_back(api: Backend, alice: Phone, bob: Phone) -> None:
    session_id = alice.call("POST", "/api/sessions", {"session_type": "mixed", "title": "A day"}).json()["id"]
    alice.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "A note."})
    begun = alice.call("GET", "/api/me/export")
    assert (begun.status, begun.json()["state"], begun.json()["download_url"]) == (202, "pending", None)
    told, content = exported(api, alice)
    assert (told["state"], told["export_id"], told["reason"]) == ("ready", begun.json()["export_id"], None)
    assert (told["size_bytes"], told["counts"]["notes"], told["download_expires_in"]) == (len(content), 1, 600)
    assert told["download_url"].startswith("memory:///exports/")
    assert any("-a-day-" in path for path in files_of(content))
    wanted = bob.call("POST", "/api/me/import", declared(content))
    assert (wanted.status, wanted.json()["state"], wanted.json()["expires_in"]) == (201, "waiting", 600)
    path = f"/api/me/import/{wanted.json()['import_id']}"
    assert bob.call("POST", f"{path}/start", {}).code == "import_not_uploaded"
    api.store.put(wanted.json()["upload_url"].removeprefix("memory:///").partition("?")[0], content)
    assert (bob.call("POST", f"{path}/start", {}).status, bob.call("GET", path).json()["state"]) == (202, "pending")
    work(api)
    ended = bob.call("GET", path).json()
    assert (ended["state"], ended["reason"], ended["counts"]["sessions"]) == ("completed", None, 1)
    assert bob.call("GET", f"/api/sessions/{session_id}").json()["title"] == "A day"
    assert bob.call("GET", "/api/me/credits").json() == {"credits": 3}


def test_a_new_export_is_started_at_will_and_not_twice_at_once(api: Backend, alice: Phone) -> None:
    first = alice.call("POST", "/api/me/export", {})
    assert (first.status, first.json()["state"]) == (202, "pending")
    assert alice.call("POST", "/api/me/export", {}).code == "export_running"
    work(api)
    again = alice.call("POST", "/api/me/export", {})
    assert again.json()["export_id"] != first.json()["export_id"]
    assert alice.call("GET", "/api/me/export").json()["export_id"] == again.json()["export_id"]
    work(api)


def test_why_an_import_failed_is_told_as_a_code_and_a_sentence(api: Backend, alice: Phone) -> None:
    wanted = alice.call("POST", "/api/me/import", declared(b"no zip")).json()
    api.store.put(wanted["upload_url"].removeprefix("memory:///").partition("?")[0], b"no zip")
    alice.call("POST", f"/api/me/import/{wanted['import_id']}/start", {})
    work(api)
    told = alice.call("GET", f"/api/me/import/{wanted['import_id']}").json()
    assert (told["state"], told["reason"]) == ("failed", "import_invalid")
    assert told["detail"] == "The ZIP is damaged. Bring the ZIP as it was exported."


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"size_bytes": 0, "sha256": "0" * 64},
        {"size_bytes": 1, "sha256": "x"},
        {"size_bytes": 1, "sha256": "0" * 64, "user_id": str(uuid4())},
        {"size_bytes": 1, "sha256": "0" * 64, "object_key": "imports/other.zip"},
    ],
    ids=["empty", "no_bytes", "no_digest", "an_owner", "a_key"],
)
def test_an_import_is_declared_by_its_size_and_digest_and_nothing_else(alice: Phone, body: dict[str, Any]) -> None:
    assert alice.call("POST", "/api/me/import", body).code == "value_invalid"


def test_a_zip_over_the_limit_is_not_permitted(alice: Phone) -> None:
    large = {"size_bytes": 5 * 1024**3 + 1, "sha256": "0" * 64}
    assert alice.call("POST", "/api/me/import", large).code == "upload_too_large"


def test_anothers_import_is_answered_as_an_unknown_one(alice: Phone, bob: Phone) -> None:
    import_id = alice.call("POST", "/api/me/import", declared(b"a zip")).json()["import_id"]
    for method, suffix in (("GET", ""), ("POST", "/start")):
        theirs = bob.call(method, f"/api/me/import/{import_id}{suffix}")
        unknown = bob.call(method, f"/api/me/import/{uuid4()}{suffix}")
        assert (theirs.code, theirs.status) == (unknown.code, 404)


def test_whoever_was_signed_out_gets_no_export(api: Backend, alice: Phone, accounts: MemoryAccounts) -> None:
    told, _ = exported(api, alice)
    assert told["state"] == "ready"
    accounts.people.sign_out(str(alice.uid), int(time.time()) + 60)
    for method in ("GET", "POST"):
        refused = alice.call(method, "/api/me/export", None if method == "GET" else {})
        assert (refused.status, refused.code) == (401, "token_revoked")
        assert "exports/" not in refused.body

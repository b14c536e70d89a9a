"""One user and another: whatever is asked of a foreign id is answered as for one that was never given out.

Twice: as the functions connect, and as a superuser, whom row-level security does not bind. So the owner in every WHERE
is shown to be enough by itself; that the policies are, too, is shown by tests/integration/test_row_level_security.py.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from dev.postgres import Postgres
from functions.catalogue import FUNCTIONS
from shared.db.connection import Database
from tests.fixtures.captured import CONTENT, Backend
from tests.fixtures.phone import Phone, upload_of

SAME_REQUEST = {"x-request-id": "same"}

BODIES: dict[str, Any] = {
    "PATCH /api/sessions/{session_id}": {"title": "mine now"},
    "POST /api/sessions/{session_id}/blocks": {"block_type": "marker", "text_content": "mine now"},
    "PATCH /api/sessions/{session_id}/blocks/{block_id}": {"text_content": "mine now"},
    "PUT /api/me/devices/{device_id}": {"fcm_token": "t"},
}
WITH_IDS = [
    f"{route.method} {route.path}"
    for function in FUNCTIONS
    for route in function.routes
    if "{" in route.path and route.method != "PUT"  # a PUT of an id is the caller's own thing
    if route.auth == "user"
]


@pytest.fixture(scope="module", params=["second_brain_app", "postgres"], ids=["as deployed", "by WHERE alone"])
def api_db(postgres: Postgres, api_database: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    database = Database(postgres.url(api_database, role=request.param))
    yield database
    database.close()


@pytest.fixture
def owned(bob: Phone, api: Backend) -> dict[str, str]:
    """Ids of things of Bob's."""
    session_id = bob.session(title="Bob's")
    media = bob.presign(session_id)
    api.store.put(media["object_key"], CONTENT)
    block_id = bob.block(session_id, text_content="Bob's secret")["id"]
    device_id = str(uuid4())
    bob.ok("PUT", f"/api/me/devices/{device_id}", {"fcm_token": "t"})
    return {"session_id": session_id, "block_id": block_id, "device_id": device_id, "media_id": media["media_id"]}


def filled(route: str, ids: dict[str, str]) -> tuple[str, str]:
    method, _, path = route.partition(" ")
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    return method, path


def everything_of(phone: Phone, ids: dict[str, str]) -> Any:
    whole = phone.ok("GET", f"/api/sessions/{ids['session_id']}")
    for step in whole["steps"]:
        del step["age_seconds"]
    return whole, phone.ok("GET", "/api/me"), phone.ok("GET", "/api/sessions")


@pytest.mark.parametrize("route", WITH_IDS)
def test_a_foreign_id_is_answered_byte_for_byte_as_a_random_one(
    alice: Phone, bob: Phone, owned: dict[str, str], route: str
) -> None:
    before = everything_of(bob, owned)
    random = {name: str(uuid4()) for name in owned}
    answers = [alice.call(*filled(route, ids), BODIES.get(route), headers=SAME_REQUEST) for ids in (owned, random)]
    assert answers[0] == answers[1]
    assert (answers[0].status, answers[0].code) == (404, "not_found")
    assert everything_of(bob, owned) == before


@pytest.mark.parametrize("route", [route for route in WITH_IDS if "{block_id}" in route])
def test_a_foreign_block_in_ones_own_session_is_not_found(alice: Phone, owned: dict[str, str], route: str) -> None:
    mine = alice.session()
    answers = [
        alice.call(*filled(route, {"session_id": mine, "block_id": block}), BODIES.get(route), headers=SAME_REQUEST)
        for block in (owned["block_id"], str(uuid4()))
    ]
    assert answers[0] == answers[1]
    assert answers[0].status == 404


def bodies_with_ids(mine: str, ids: dict[str, str]) -> list[tuple[str, Any]]:
    return [
        ("/api/uploads/presign", upload_of(ids["session_id"])),
        ("/api/uploads/presign", {**upload_of(ids["session_id"]), "media_id": ids["media_id"]}),
        ("/api/uploads/commit", {"media_id": ids["media_id"]}),
        (f"/api/sessions/{mine}/blocks", {"block_type": "voice", "media_id": ids["media_id"]}),
    ]


def test_foreign_ids_in_bodies_are_answered_as_random_ones(alice: Phone, bob: Phone, owned: dict[str, str]) -> None:
    mine = alice.session()
    before = everything_of(bob, owned)
    foreign = bodies_with_ids(mine, owned)
    random = bodies_with_ids(mine, {name: str(uuid4()) for name in owned})
    for (path, with_foreign), (_, with_random) in zip(foreign, random, strict=True):
        answers = [alice.call("POST", path, body, headers=SAME_REQUEST) for body in (with_foreign, with_random)]
        assert answers[0] == answers[1], path
        assert answers[0].status == 404, path
    assert everything_of(bob, owned) == before


def test_ids_another_user_holds_are_free_to_use(alice: Phone, bob: Phone, owned: dict[str, str]) -> None:
    """Creating with Bob's ids answers as with fresh ones, and Bob's things stay."""
    before = everything_of(bob, owned)
    session = alice.call("POST", "/api/sessions", {"session_type": "voice", "id": owned["session_id"]})
    assert session.status == 201
    block = {"block_type": "marker", "id": owned["block_id"], "text_content": "Alice's"}
    assert alice.call("POST", f"/api/sessions/{owned['session_id']}/blocks", block).status == 201
    device = alice.call("PUT", f"/api/me/devices/{owned['device_id']}", {"fcm_token": "t"})
    assert device.status == 200
    upload = {**upload_of(owned["session_id"]), "media_id": owned["media_id"]}
    assert alice.ok("POST", "/api/uploads/presign", upload)["media_id"] == owned["media_id"]
    assert alice.call("DELETE", f"/api/sessions/{owned['session_id']}").status == 204
    assert everything_of(bob, owned) == before


def test_lists_and_cursors_show_the_callers_own_only(alice: Phone, bob: Phone, owned: dict[str, str]) -> None:
    bob.session()
    cursor = bob.ok("GET", "/api/sessions", query={"limit": 1})["next_cursor"]
    assert cursor
    assert alice.ok("GET", "/api/sessions", query={"cursor": cursor})["sessions"] == []
    assert alice.ok("GET", "/api/sessions", query={"q": "secret"})["sessions"] == []
    assert [s["id"] for s in bob.ok("GET", "/api/sessions", query={"q": "secret"})["sessions"]] == [owned["session_id"]]

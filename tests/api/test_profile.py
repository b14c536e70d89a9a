"""The caller: profile, language, devices, credits."""

from uuid import uuid4

import psycopg
import pytest

from tests.fixtures.phone import Phone

DEVICE = {"fcm_token": "token", "platform": "ios"}


def test_the_first_call_creates_the_user_with_three_credits(alice: Phone) -> None:
    profile = alice.ok("GET", "/api/me")
    assert profile.keys() == {
        "email",
        "credits",
        "debt",
        "preferred_language",
        "time_zone",
        "notifications",
        "created_at",
    }
    assert (profile["credits"], profile["email"]) == (3, f"{alice.uid}@example.org")
    assert profile["created_at"].endswith("Z")
    assert alice.ok("GET", "/api/me") == profile


def test_a_language_is_chosen_and_used_for_new_sessions(alice: Phone) -> None:
    for _ in range(2):
        assert alice.ok("PATCH", "/api/me", {"preferred_language": "pt-BR"})["preferred_language"] == "pt-BR"
    session_id = alice.session()
    assert alice.ok("GET", f"/api/sessions/{session_id}")["language"] == "pt-BR"


def test_a_time_zone_is_chosen_kept_as_given_and_used_for_new_sessions(alice: Phone) -> None:
    assert alice.ok("GET", "/api/me")["time_zone"] == "UTC"
    for zone in ("Europe/Lisbon", "Asia/Calcutta"):  # the second is an alias of Asia/Kolkata
        assert alice.ok("PATCH", "/api/me", {"time_zone": zone})["time_zone"] == zone
    assert alice.ok("PATCH", "/api/me", {"preferred_language": "pt"})["time_zone"] == "Asia/Calcutta"
    assert alice.ok("GET", f"/api/sessions/{alice.session()}")["time_zone"] == "Asia/Calcutta"
    elsewhere = alice.session(time_zone="America/New_York")
    assert alice.ok("GET", f"/api/sessions/{elsewhere}")["time_zone"] == "America/New_York"


@pytest.mark.parametrize("zone", ["Lisbon", "../UTC", "/etc/localtime", "", "Europe", "GMT+25", "x" * 65, 1, None])
def test_a_time_zone_nobody_knows_is_refused(alice: Phone, zone: object) -> None:
    assert alice.refused("PATCH", "/api/me", {"time_zone": zone}) == (422, "value_invalid")
    assert alice.ok("GET", "/api/me")["time_zone"] == "UTC"


def test_the_answer_to_an_unknown_time_zone_says_what_to_give(alice: Phone) -> None:
    problem = alice.call("POST", "/api/sessions", {"session_type": "voice", "time_zone": "Mars/Olympus"}).json()
    (entry,) = problem["errors"]
    assert (entry["pointer"], entry["code"]) == ("/time_zone", "time_zone_unknown")
    assert "Europe/Lisbon" in str(entry)


def test_pushes_are_muted_one_by_one_and_the_rest_stays(alice: Phone, bob: Phone) -> None:
    everything = {"processed": True, "failed": True, "credits_low": True}
    assert alice.ok("GET", "/api/me")["notifications"] == everything
    for _ in range(2):
        changed = alice.ok("PATCH", "/api/me", {"notifications": {"credits_low": False}})
        assert changed["notifications"] == {**everything, "credits_low": False}
    both = {"preferred_language": "pt", "notifications": {"credits_low": True, "processed": False, "failed": False}}
    changed = alice.ok("PATCH", "/api/me", both)
    assert changed.items() >= both.items()
    assert alice.ok("GET", "/api/me") == changed
    assert bob.ok("GET", "/api/me")["notifications"] == everything


@pytest.mark.parametrize(
    "notifications",
    [
        {},
        None,
        [],
        True,
        {"processed": None},
        {"processed": "no"},
        {"processed": 0},
        {"failed": False, "credits_low": None},
        {"quiet": True},
    ],
)
def test_a_choice_is_true_or_false_of_a_push_there_is(alice: Phone, notifications: object) -> None:
    body = {"preferred_language": "pt", "notifications": notifications}
    assert alice.refused("PATCH", "/api/me", body) == (422, "value_invalid")
    profile = alice.ok("GET", "/api/me")
    assert (profile["preferred_language"], set(profile["notifications"].values())) == ("en", {True})


def test_a_token_belongs_to_the_user_who_put_it_last(alice: Phone, bob: Phone, everything: psycopg.Connection) -> None:
    for phone in (alice, alice, bob):
        phone.ok("PUT", f"/api/me/devices/{uuid4()}", {"fcm_token": "one phone"})
    owners = everything.execute(
        "SELECT u.firebase_uid FROM devices d JOIN users u ON u.id = d.user_id WHERE d.fcm_token = 'one phone'"
    ).fetchall()
    assert owners == [(bob.uid,)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"preferred_language": "english please"},
        {"preferred_language": "en\n"},
        {"preferred_language": None},
        {"preferred_language": 7},
        {"preferred_language": "en", "credits": 99},
        {"preferred_language": "en", "email": "x@example.org"},
        {"preferred_language": "en", "role": "admin"},
    ],
)
def test_a_profile_takes_a_language_and_nothing_else(alice: Phone, body: object) -> None:
    assert alice.refused("PATCH", "/api/me", body) == (422, "value_invalid")
    assert alice.ok("GET", "/api/me")["credits"] == 3


def test_a_device_is_registered_renewed_and_forgotten(alice: Phone, everything: psycopg.Connection) -> None:
    device_id = str(uuid4())
    path = f"/api/me/devices/{device_id}"
    for token in ("first", "second"):
        assert alice.ok("PUT", path, {**DEVICE, "fcm_token": token}) == {"id": device_id, "platform": "ios"}
    stored = everything.execute("SELECT fcm_token FROM devices WHERE id = %s", [device_id]).fetchall()
    assert stored == [("second",)]
    assert alice.call("DELETE", path).status == 204
    assert alice.refused("DELETE", path) == (404, "not_found")


def test_the_same_device_id_of_two_users_is_two_devices(
    alice: Phone, bob: Phone, everything: psycopg.Connection
) -> None:
    path = f"/api/me/devices/{uuid4()}"
    alice.ok("PUT", path, DEVICE)
    bob.ok("PUT", path, {"fcm_token": "of bob"})
    assert bob.call("DELETE", path).status == 204
    left = everything.execute("SELECT fcm_token FROM devices WHERE id = %s", [path.rpartition("/")[2]]).fetchall()
    assert left == [("token",)]


@pytest.mark.parametrize(
    "body",
    [{}, {"fcm_token": ""}, {"fcm_token": "x" * 4097}, {**DEVICE, "platform": "vms"}, {**DEVICE, "user_id": "x"}],
)
def test_a_device_of_a_wrong_shape_is_refused(alice: Phone, body: object) -> None:
    assert alice.refused("PUT", f"/api/me/devices/{uuid4()}", body) == (422, "value_invalid")


def test_credits_and_their_ledger(alice: Phone) -> None:
    assert alice.ok("GET", "/api/me/credits") == {"credits": 3}
    for _ in range(2):
        session_id = alice.session()
        alice.block(session_id, text_content="x")
        alice.ok("POST", f"/api/sessions/{session_id}/finalize")
    assert alice.ok("GET", "/api/me/credits") == {"credits": 1}
    rows: list[tuple[int, int, str]] = []
    query = {"limit": 2}
    for _ in range(5):
        page = alice.ok("GET", "/api/me/credits/ledger", query=query)
        rows += [(entry["delta"], entry["balance_after"], entry["reason"]) for entry in page["entries"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert rows == [(-1, 1, "session"), (-1, 2, "session"), (3, 3, "trial")]


def test_a_full_last_page_has_no_next(alice: Phone) -> None:
    assert alice.ok("GET", "/api/me/credits/ledger", query={"limit": 1})["next_cursor"] is None


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"limit": "9" * 5000}, {"page": 2}])
def test_a_wrong_page_is_refused(alice: Phone, query: dict[str, object]) -> None:
    assert alice.refused("GET", "/api/me/credits/ledger", query=query) == (422, "value_invalid")

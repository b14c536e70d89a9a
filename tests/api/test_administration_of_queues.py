"""What administrators do about queues and providers: dead letters, redriving, and the kill switch."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from functions.catalogue import QUEUES
from shared.outbox.dead_letters import Received
from tests.fixtures.captured import Backend
from tests.fixtures.deeds import count_deeds, id_of
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import RolePhone

A = "/api/admin"
WHY = {"reason": "asked for by support"}
SECRET = "the canary sings at noon"


def captured(phone: Phone) -> None:
    """A session that is under way."""
    session = phone.ok("POST", "/api/sessions", {"session_type": "mixed"})
    path = f"/api/sessions/{session['id']}"
    phone.ok("POST", f"{path}/blocks", {"block_type": "marker", "text_content": "Milk."})
    phone.ok("POST", f"{path}/finalize", {})


def deeds(administrator: RolePhone) -> list[tuple[Any, ...]]:
    """Newest first: what, on what."""
    page = administrator.ok("GET", f"{A}/audit", query={"limit": 10})
    return [(deed["action"], deed["subject"]) for deed in page["deeds"]]


def letter(number: int) -> Received:
    body = {"version": 1, "id": str(uuid4()), "user_id": str(UUID(int=7)), "correlation_id": SECRET}
    body["body"] = {"step_id": str(UUID(int=number)), "text": SECRET, "text_id": SECRET}  # type: ignore[assignment]
    sent_at = datetime.now(UTC) - timedelta(hours=2)
    return Received(id=f"m-{number}", handle=f"h-{number}", body=json.dumps(body), receives=6, sent_at=sent_at)


def test_dead_letters_are_looked_at_by_their_ids_and_stay(administrator: RolePhone, api: Backend) -> None:
    strange = Received(id="m-9", handle="h-9", body=SECRET, receives=1, sent_at=datetime.now(UTC))
    api.queue.letters["embed-dlq"] = [letter(1), letter(2), strange]
    seen = [administrator.call("GET", f"{A}/dead-letters", query={"queue": "embed"}) for _ in range(2)][1]
    ids = {"step_id": str(UUID(int=1)), "user_id": str(UUID(int=7))}
    found = seen.json()["dead_letters"]
    assert [(one["message_id"], one["ids"], one["receives"]) for one in found] == [
        ("m-1", ids, 6),
        ("m-2", {**ids, "step_id": str(UUID(int=2))}, 6),
        ("m-9", {}, 1),
    ]
    assert found[0]["age_seconds"] >= 7_200
    assert SECRET not in str(seen.body)
    assert len(api.queue.letters["embed-dlq"]) == 3
    for name in ("nobodys", "embed-dlq"):
        assert administrator.refused("GET", f"{A}/dead-letters", query={"queue": name}) == (422, "queue_unknown")


def test_redriving_moves_up_to_a_limit_and_is_on_record_before_and_after(
    administrator: RolePhone, api: Backend
) -> None:
    api.queue.letters["embed-dlq"] = [letter(number) for number in range(25)]
    path = f"{A}/dead-letters/redrive"
    answer = administrator.ok("POST", path, {"queue": "embed", "limit": 12, **WHY})
    assert answer == {"queue": "embed", "moved": 12, "is_empty": False}
    assert administrator.ok("POST", path, {"queue": "embed", **WHY})["moved"] == 13
    assert (len(api.queue.letters["embed"]), api.queue.letters["embed-dlq"]) == (25, [])
    assert administrator.ok("POST", path, {"queue": "embed", **WHY}) == {"queue": "embed", "moved": 0, "is_empty": True}
    did = [action for action, subject in deeds(administrator)[:6] if subject == "queue embed-dlq"]
    assert did == ["redriven", "redrive"] * 3


def test_a_redrive_that_fails_half_way_says_how_far_it_came(
    administrator: RolePhone, api: Backend, everything: psycopg.Connection
) -> None:
    api.queue.letters["embed-dlq"] = [letter(number) for number in range(3)]
    api.queue.down.add("embed")
    status, code = administrator.refused("POST", f"{A}/dead-letters/redrive", {"queue": "embed", **WHY})
    assert (status, code) == (503, "provider_unavailable")
    assert len(api.queue.letters["embed-dlq"]) == 3
    kept = everything.execute(
        "SELECT details FROM audit_log WHERE action = 'redriven' ORDER BY created_at DESC LIMIT 1"
    ).fetchone()
    assert kept == ({"moved": 0, "failure": "provider_unavailable"},)


def test_every_queue_is_shown_with_the_age_of_its_oldest_step(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    captured(alice)
    everything.execute("UPDATE job_steps SET changed_at = now() - interval '5 minutes' WHERE kind = 'embed'")
    queues = {queue["name"]: queue for queue in administrator.ok("GET", f"{A}/queues")["queues"]}
    assert set(queues) == {queue.name for queue in QUEUES}
    assert queues["embed"]["oldest_seconds"] >= 300
    assert queues["push"]["oldest_seconds"] is None


def test_a_provider_is_switched_off_and_on_with_who_and_why(
    administrator: RolePhone, everything: psycopg.Connection
) -> None:
    path = f"{A}/providers/switch"
    off = administrator.ok("POST", path, {"provider": "openai", "on": False, **WHY})
    assert (off["on"], off["reason"]) == (False, WHY["reason"])
    listed = {one["provider"]: one["on"] for one in administrator.ok("GET", f"{A}/providers")["providers"]}
    assert listed.items() >= {"openai": False, "fcm": True, "stripe": True}.items()
    assert administrator.ok("POST", path, {"provider": "openai", "on": True, **WHY})["on"]
    assert deeds(administrator)[:2] == [("switch_on", "provider openai"), ("switch_off", "provider openai")]
    before = count_deeds(everything)
    assert administrator.refused("POST", path, {"provider": "opneai", "on": False, **WHY}) == (422, "provider_unknown")
    assert count_deeds(everything) == before


def test_with_the_till_switched_off_nothing_is_ordered(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    path = f"{A}/providers/switch"
    administrator.ok("POST", path, {"provider": "stripe", "on": False, **WHY})
    answer = alice.call("POST", "/api/payments/checkout", {"package_id": "starter"})
    assert (answer.status, answer.json()["code"]) == (503, "provider_paused")
    assert int(answer.headers["retry-after"]) >= 1
    count = "SELECT count(*) FROM payments WHERE user_id = %s"
    assert everything.execute(count, [id_of(everything, alice)]).fetchone() == (0,)
    administrator.ok("POST", path, {"provider": "stripe", "on": True, **WHY})
    assert alice.ok("POST", "/api/payments/checkout", {"package_id": "starter"})

"""GET /api/admin/status, and what an API function measures of its requests."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from functions.catalogue import QUEUES
from shared.outbox.queue_depths import Depth
from tests.fixtures.captured import Backend
from tests.fixtures.measured import metric_lines, values_of
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import RolePhone

PATH = "/api/admin/status"


def test_an_administrator_sees_queues_steps_and_concerns(
    administrator: RolePhone, alice: Phone, api: Backend, everything: psycopg.Connection
) -> None:
    session_id = alice.ok("POST", "/api/sessions", {"session_type": "mixed"})["id"]
    alice.ok("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "blue drawer"})
    alice.ok("POST", f"/api/sessions/{session_id}/finalize", headers={"x-request-id": "phone-17"})
    everything.execute("UPDATE job_steps SET changed_at = now() - interval '1 hour' WHERE kind = 'embed'")
    api.queue.depths = {"embed": Depth(visible=3, in_flight=2, delayed=1)}
    status = administrator.ok("GET", PATH)
    assert not status["healthy"]
    assert [concern["code"] for concern in status["concerns"]] == ["steps_stuck"]
    assert [queue["name"] for queue in status["queues"]] == [queue.name for queue in QUEUES]
    (embed,) = [queue for queue in status["queues"] if queue["name"] == "embed"]
    assert embed == {"name": "embed", "visible": 3, "in_flight": 2, "delayed": 1, "dead_letters": 0}
    (stuck,) = status["stuck_steps"]
    assert (stuck["session_id"], stuck["kind"], stuck["correlation_id"]) == (session_id, "embed", "phone-17")
    assert status["jobs"]["count"] >= 1
    assert "blue drawer" not in str(status)
    assert "@" not in str(status)


def test_a_queue_service_that_is_down_shows_as_nulls(administrator: RolePhone, api: Backend) -> None:
    api.queue.down = {queue.name for queue in QUEUES}
    status = administrator.ok("GET", PATH)
    assert {queue["visible"] for queue in status["queues"]} == {None}
    assert "queues_unreachable" in {concern["code"] for concern in status["concerns"]}


def test_a_step_that_was_put_off_says_until_when(alice: Phone, everything: psycopg.Connection) -> None:
    session_id = alice.ok("POST", "/api/sessions", {"session_type": "mixed"})["id"]
    alice.ok("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "a"})
    alice.ok("POST", f"/api/sessions/{session_id}/finalize")
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    put_off = "UPDATE job_steps SET due_at = %s WHERE kind = 'embed' AND session_id = %s"
    everything.execute(put_off, [due_at, session_id])
    steps = {step["kind"]: step["due_at"] for step in alice.ok("GET", f"/api/sessions/{session_id}")["steps"]}
    assert steps["summarise"] is None
    assert datetime.fromisoformat(steps["embed"]) == due_at


def test_a_request_is_measured_in_one_line_with_its_route_and_id(
    alice: Phone, capsys: pytest.CaptureFixture[str]
) -> None:
    alice.ok("GET", "/api/me")
    capsys.readouterr()
    alice.ok("POST", "/api/sessions", {"session_type": "mixed"}, headers={"x-request-id": "phone-18"})
    printed = capsys.readouterr().out
    (line,) = metric_lines(printed)
    assert (line["route"], line["correlation_id"]) == ("POST /api/sessions", "phone-18")
    (duration_ms,) = values_of(printed, "request_ms", function=line["function"], status="2xx")
    assert 0 < duration_ms < 60_000


def test_what_is_refused_is_measured_by_its_class(alice: Phone, capsys: pytest.CaptureFixture[str]) -> None:
    alice.ok("GET", "/api/me")
    capsys.readouterr()
    alice.refused("POST", "/api/sessions", {"session_type": "opera"})
    (line,) = metric_lines(capsys.readouterr().out)
    assert line["status"] == "4xx"

"""Health: no caller needed, no more said than up or down."""

from tests.fixtures.captured import Backend
from tests.fixtures.phone import Phone

HEALTHY = {"status": "healthy", "database": "connected", "queue": "connected", "storage": "connected"}


def test_health_names_every_part(alice: Phone) -> None:
    anybody = Phone(handlers=alice.handlers, uid=None)
    answer = anybody.call("GET", "/api/health")
    assert answer.status == 200
    assert answer.json().items() > HEALTHY.items()
    assert answer.json()["version"]


def test_a_part_that_fails_is_named_and_answers_503(alice: Phone, api: Backend) -> None:
    api.store.is_down = True
    answer = alice.call("GET", "/api/health")
    assert answer.status == 503
    assert answer.json().items() > {**HEALTHY, "status": "unhealthy", "storage": "unreachable"}.items()
    api.queue.down.add("object-created")
    assert alice.call("GET", "/api/health").json()["queue"] == "unreachable"


def test_live_touches_nothing(alice: Phone, api: Backend) -> None:
    api.store.is_down = True
    assert alice.ok("GET", "/api/health/live")["status"] == "alive"

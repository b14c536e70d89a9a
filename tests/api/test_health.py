"""Health: no caller needed, no more said than up or down."""

import psycopg

from shared.db.check_schema import NEEDED_REVISION
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


def test_a_schema_that_is_older_than_the_code_is_said_until_the_migrations_have_run(
    alice: Phone, everything: psycopg.Connection
) -> None:
    everything.execute("UPDATE alembic_version SET version_num = '0020'")
    answer = alice.call("GET", "/api/health")
    assert answer.status == 503
    assert answer.json().items() > {**HEALTHY, "status": "unhealthy", "database": "outdated"}.items()
    everything.execute("REVOKE SELECT ON alembic_version FROM second_brain_app")  # as it is before 0021
    assert alice.call("GET", "/api/health").json()["database"] == "outdated"
    everything.execute("GRANT SELECT ON alembic_version TO second_brain_app")
    everything.execute("UPDATE alembic_version SET version_num = '0100'")
    assert alice.call("GET", "/api/health").json()["database"] == "connected"
    everything.execute("UPDATE alembic_version SET version_num = %s", [NEEDED_REVISION])


def test_live_touches_nothing(alice: Phone, api: Backend) -> None:
    api.store.is_down = True
    assert alice.ok("GET", "/api/health/live")["status"] == "alive"

"""Answers that are kept for repeats are forgotten after a day, however many there are."""

import psycopg

from shared.db.connection import Database
from shared.idempotency.forget_keys import BATCH, forget_keys
from shared.ids import UserId
from tests.fixtures.captured import Backend


def keep(owner: psycopg.Connection, user_id: UserId, name: str, *, number: int, hours: float) -> None:
    """Keys that were first sent so long ago."""
    owner.execute(
        "INSERT INTO idempotency_keys (user_id, key, fingerprint, claim, claimed_until, created_at)"
        " SELECT %s, %s || n, '', gen_random_uuid(), now(), now() - make_interval(secs => %s)"
        " FROM generate_series(1, %s) AS n",
        [user_id, name, hours * 3_600, number],
    )


def test_keys_of_everybody_go_after_a_day_and_not_before(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    for user_id in (alice, bob):
        keep(owner, user_id, "old", number=2, hours=24.1)
        keep(owner, user_id, "young", number=1, hours=23.9)
    assert forget_keys(system_db) == 4
    assert owner.execute("SELECT DISTINCT key FROM idempotency_keys").fetchall() == [("young1",)]


def test_one_sweep_forgets_more_than_a_user_may_send_in_a_minute(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    keep(owner, backend.user("alice"), "old", number=2 * BATCH + 1, hours=25)
    assert forget_keys(system_db) == 2 * BATCH + 1
    assert forget_keys(system_db) == 0

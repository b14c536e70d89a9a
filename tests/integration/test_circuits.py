"""Circuits in the database: shared by all, changed by one at a time, timed by the database's clock."""

from datetime import timedelta

import psycopg
import pytest

from shared.ai.circuit import FAILURES_TO_OPEN, FIRST_WINDOW, Circuit
from shared.ai.look_at_circuit import look_at_circuit
from shared.ai.note_failure import note_failure
from shared.ai.note_success import note_success
from shared.ai.take_probe import take_probe
from shared.db.connection import Database
from shared.errors import VendorDown
from tests.fixtures.crowds import Crowd

RESET = VendorDown("reset")
PROBE = timedelta(seconds=125)


def fail(db: Database, provider: str = "a", *, was_probe: bool = False) -> tuple[Circuit, bool]:
    return note_failure(db, provider, "chat", RESET, was_probe=was_probe)


def opened(db: Database) -> None:
    for _ in range(FAILURES_TO_OPEN):
        fail(db)


def let_the_window_pass(owner: psycopg.Connection) -> None:
    owner.execute("UPDATE circuit_breakers SET opened_until = now() - interval '1 millisecond'")


def rows(owner: psycopg.Connection) -> list[tuple[object, ...]]:
    query = "SELECT provider, capability, failures, opened_until IS NOT NULL, xmin::text FROM circuit_breakers"
    return owner.execute(query).fetchall()


def test_a_provider_that_never_failed_has_no_row_and_a_success_makes_none(
    db: Database, owner: psycopg.Connection
) -> None:
    assert look_at_circuit(db, "a", "chat") is None
    assert not note_success(db, "a", "chat")
    assert rows(owner) == []


def test_the_fifth_failure_in_a_row_opens_and_says_so_once(db: Database) -> None:
    told = [fail(db)[1] for _ in range(FAILURES_TO_OPEN + 2)]
    assert told == [False, False, False, False, True, False, False]
    circuit = look_at_circuit(db, "a", "chat")
    assert circuit is not None
    assert 0 < circuit.wait_seconds <= FIRST_WINDOW.total_seconds()


def test_a_circuit_belongs_to_one_provider_and_one_capability(db: Database) -> None:
    opened(db)
    assert look_at_circuit(db, "b", "chat") is None
    assert look_at_circuit(db, "a", "vision") is None


def test_the_system_role_and_the_app_role_share_a_circuit(db: Database, system_db: Database) -> None:
    for _ in range(2):
        fail(db)
        fail(system_db)
    assert fail(db)[1]
    found = look_at_circuit(system_db, "a", "chat")
    assert found is not None
    assert not found.is_closed


def test_a_success_after_failures_is_written_and_one_after_a_success_is_not(
    db: Database, owner: psycopg.Connection
) -> None:
    fail(db)
    assert not note_success(db, "a", "chat")
    [(_, _, failures, is_open, version)] = rows(owner)
    assert (failures, is_open) == (0, False)
    note_success(db, "a", "chat")
    assert rows(owner)[0][-1] == version


def test_before_its_moment_nobody_probes(db: Database) -> None:
    opened(db)
    is_ours, circuit = take_probe(db, "a", "chat", lasts=PROBE)
    assert not is_ours
    assert 0 < circuit.wait_seconds <= FIRST_WINDOW.total_seconds()


@pytest.mark.parametrize("round_", range(5))
def test_of_sixteen_at_once_exactly_one_probes(
    db: Database, owner: psycopg.Connection, many: Crowd, round_: int
) -> None:
    del round_
    opened(db)
    let_the_window_pass(owner)
    answers = many.all_at_once([lambda mine: take_probe(mine, "a", "chat", lasts=PROBE)] * 16)
    assert [is_ours for is_ours, _ in answers].count(True) == 1
    assert all(120 < circuit.wait_seconds <= 125 for _, circuit in answers)


def test_a_probe_whose_process_died_is_followed_by_another(db: Database, owner: psycopg.Connection) -> None:
    opened(db)
    let_the_window_pass(owner)
    assert take_probe(db, "a", "chat", lasts=PROBE)[0]
    assert not take_probe(db, "a", "chat", lasts=PROBE)[0]
    let_the_window_pass(owner)
    assert take_probe(db, "a", "chat", lasts=PROBE)[0]


def test_sixteen_failures_at_once_are_all_counted(db: Database, many: Crowd) -> None:
    told = many.all_at_once([lambda mine: fail(mine)[1]] * 16)
    assert told.count(True) == 1
    circuit = look_at_circuit(db, "a", "chat")
    assert circuit is not None
    assert circuit.failures == FAILURES_TO_OPEN


def test_the_window_is_counted_by_the_databases_clock(db: Database, owner: psycopg.Connection) -> None:
    opened(db)
    [(seconds,)] = owner.execute(
        "SELECT extract(epoch FROM opened_until - updated_at) FROM circuit_breakers"
    ).fetchall()
    assert abs(float(seconds) - FIRST_WINDOW.total_seconds()) < 0.5

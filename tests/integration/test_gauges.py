"""Gauges cost by the hour: they are told while one of their group is above 0, and until an alarm has seen a 0."""

from datetime import timedelta

import psycopg
import pytest

from shared.credits.report_differences import report_differences
from shared.db.connection import Database
from shared.gauges.tell_gauges import TOLD_AFTER
from shared.metrics import gathered
from shared.status.report_backlog import report_backlog
from tests.fixtures.measured import values_of
from tests.fixtures.sweeping import pass_time

Printed = pytest.CaptureFixture[str]


def _told(system_db: Database, printed: Printed) -> list[float]:
    """What one sweep says of open circuits."""
    printed.readouterr()
    with gathered():
        report_backlog(system_db)
    return values_of(printed.readouterr().out, "breakers_open")


def test_they_are_told_while_one_is_above_zero_and_end_at_zero(
    system_db: Database, owner: psycopg.Connection, capsys: Printed
) -> None:
    assert _told(system_db, capsys) == []
    owner.execute(
        """
        INSERT INTO circuit_breakers (provider, capability, failures, opened_at, opened_until)
        VALUES ('groq', 'speech', 5, now(), now() + interval '10 days')
        """
    )
    for _ in range(2):
        assert _told(system_db, capsys) == [1]
        pass_time(owner, 2 * TOLD_AFTER)
    owner.execute("DELETE FROM circuit_breakers")
    assert _told(system_db, capsys) == []


def test_zeros_are_told_for_a_while_after_the_last_that_was_above_zero(
    system_db: Database, owner: psycopg.Connection, capsys: Printed
) -> None:
    owner.execute("INSERT INTO gauge_groups (name, above_zero_at) VALUES ('backlog', now()), ('another', now())")
    pass_time(owner, TOLD_AFTER - timedelta(minutes=1))
    assert _told(system_db, capsys) == [0]
    pass_time(owner, timedelta(minutes=2))
    assert _told(system_db, capsys) == []


def test_one_group_does_not_speak_for_another(system_db: Database, owner: psycopg.Connection, capsys: Printed) -> None:
    owner.execute("INSERT INTO gauge_groups (name, above_zero_at) VALUES ('backlog', now())")
    assert report_differences(system_db) == 0
    assert values_of(capsys.readouterr().out, "ledger_differences") == []

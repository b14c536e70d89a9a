"""Ten thousand operations in an order nobody thought of: the real ledger beside one kept by hand."""

import psycopg

from shared.credits.find_differences import find_differences
from shared.db.connection import Database
from tests.fixtures.ledger_machine import STEPS, Desk, play
from tests.fixtures.seeds import seed_of_this_run

OPERATIONS = 10_000
_SPARE = 4  # the first example is the simplest there is, and now and then one ends early


def test_ten_thousand_operations_leave_no_difference(
    db: Database, system_db: Database, owner: psycopg.Connection
) -> None:
    desk = Desk(db=db, owner=owner)
    play(desk, examples=OPERATIONS // STEPS + _SPARE, seed_number=seed_of_this_run())
    assert desk.operations >= OPERATIONS
    assert find_differences(system_db) == []

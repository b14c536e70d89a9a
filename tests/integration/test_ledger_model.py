"""Ten thousand operations in an order nobody thought of: the real ledger beside one kept by hand."""

import psycopg

from shared.db.connection import Database
from tests.fixtures.ledger_machine import Desk, play
from tests.fixtures.seeds import seed_of_this_run

OPERATIONS = 10_000


def test_ten_thousand_operations_leave_no_difference(
    db: Database, system_db: Database, owner: psycopg.Connection
) -> None:
    desk = Desk(db=db, system_db=system_db, owner=owner)
    play(desk, operations=OPERATIONS, seed_number=seed_of_this_run())
    assert desk.operations >= OPERATIONS

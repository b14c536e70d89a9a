"""The stateful model of the ledger, for as long as one likes, on a server of its own."""

import time
from collections.abc import Callable

import psycopg

from dev.postgres import Postgres
from shared.db.connection import Database
from tests.fixtures.ledger_machine import Desk, play
from tests.fixtures.seeds import seed_of_this_run
from tests.fixtures.throwaway_postgres import TEMPLATE
from tests.soak.saying import say

_ROUND = 20_000  # operations before the database is made anew: tables stay as small as they are in a test


def play_ledger(server: Postgres, wanted: int) -> str:
    """Round after round, each with a seed of its own that follows from the run's. Returns what there is to say."""
    started, done, number = time.monotonic(), 0, 0
    while done < wanted:
        done += _round(server, number, min(_ROUND, wanted - done), _progress(started, done, wanted))
        number += 1
    seconds = time.monotonic() - started
    return f"{done:,} operations on the ledger in {seconds:.0f} s ({done / seconds:.0f}/s), 0 differences"


def _round(server: Postgres, number: int, operations: int, on_operation: Callable[[int], None]) -> int:
    name = f"soak_{number}"
    server.create_database(name, template=TEMPLATE)
    db = Database(server.url(name, role="second_brain_app"))
    system_db = Database(server.url(name, role="second_brain_system"))
    with psycopg.connect(server.url(name), autocommit=True) as owner:
        desk = Desk(db=db, system_db=system_db, owner=owner, on_operation=on_operation)
        play(desk, operations=operations, seed_number=seed_of_this_run() + 1_000 * number)
    db.close()
    system_db.close()
    server.drop_database(name)
    return desk.operations


def _progress(started: float, before: int, wanted: int) -> Callable[[int], None]:
    def show(in_round: int) -> None:
        if in_round % 1_000 == 0:
            done, seconds = before + in_round, time.monotonic() - started
            say(f"\r  {done:>9,} of {wanted:,}  {done / seconds:5.0f}/s  {seconds:5.0f} s")

    return show

"""Random histories of an order, heard in any order: what the user keeps follows from the facts alone."""

import os
from functools import partial

import pytest

from dev.postgres import Postgres
from tests.fixtures.both_cores import on_both_cores
from tests.fixtures.payment_histories import play_histories
from tests.fixtures.seeds import seed_of_this_run
from tests.fixtures.throwaway_postgres import prepared

HISTORIES = int(os.environ.get("HISTORIES") or 1_000)


@pytest.mark.timeout(0)  # what it waits for has a deadline of its own
def test_what_is_kept_of_a_purchase_follows_from_the_facts_whatever_was_heard_when(
    postgres: Postgres, database_name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """HISTORIES=10000 asks for more of them."""
    url = prepared(postgres.url(database_name, role="second_brain_app"))
    seeds = [f"{seed_of_this_run()} history {number}" for number in range(HISTORIES)]
    told = [one for share in on_both_cores(partial(play_histories, url), seeds) for one in share]
    assert [one for one in told if one.end != one.expected] == []
    assert len(told) == HISTORIES
    assert {one.end.status for one in told} == {"pending", "failed", "completed", "refunded"}
    assert any(one.end.standing < 0 for one in told)
    deliveries = sum(one.deliveries for one in told)
    with capsys.disabled():
        print(f"\n{HISTORIES} histories, {deliveries} deliveries, seed {seed_of_this_run()}")  # noqa: T201

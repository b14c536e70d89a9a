"""Chores of the sweep: each on its own."""

import pytest

from shared.edge.schedule import Again, ChoresFailed, schedule_handler
from shared.errors import DatabaseUnavailable, VendorDown


def vendor_is_down() -> int:
    raise VendorDown("The bucket is down.")


def defect() -> int:
    raise ZeroDivisionError


def test_every_chore_says_how_much_it_moved() -> None:
    assert schedule_handler({"one": lambda: 1, "none": lambda: 0})({}, None) == {"one": 1, "none": 0}


def test_a_chore_that_fails_keeps_no_other_back_and_the_invocation_counts_as_an_error() -> None:
    done: list[str] = []
    chores = {"down": vendor_is_down, "defect": defect, "last": lambda: len(done.append("last") or done)}
    with pytest.raises(ChoresFailed, match="down, defect"):
        schedule_handler(chores)({}, None)
    assert done == ["last"]


def test_while_it_is_needed_what_is_urgent_is_done_again() -> None:
    slept, needed = list[float](), [True, True, False]
    again = Again(chores={"urgent": lambda: 2}, is_needed=lambda: needed.pop(0), pause_seconds=3, sleep=slept.append)
    assert schedule_handler({"urgent": lambda: 1, "slow": lambda: 5}, again)({}, None) == {"urgent": 5, "slow": 5}
    assert slept == [3, 3]


def test_it_is_not_done_again_when_nothing_is_under_way() -> None:
    again = Again(chores={"urgent": lambda: 1}, is_needed=lambda: False, sleep=lambda _: pytest.fail("slept"))
    assert schedule_handler({"urgent": lambda: 1}, again)({}, None) == {"urgent": 1}


def test_no_look_begins_so_late_that_the_next_tick_would_find_it_still_at_work() -> None:
    again = Again(chores={"urgent": lambda: 1}, is_needed=lambda: True, pause_seconds=0.01, within_seconds=0.05)
    done = schedule_handler({"urgent": lambda: 1}, again)({}, None)
    assert 2 <= done["urgent"] <= 6


def test_a_chore_that_failed_at_any_look_has_failed() -> None:
    outcomes = iter([1, -1, 1])
    needed = [True, True, False]
    again = Again(chores={"urgent": lambda: next(outcomes)}, is_needed=lambda: needed.pop(0), sleep=lambda _: None)
    with pytest.raises(ChoresFailed, match="urgent"):
        schedule_handler({"urgent": lambda: next(outcomes)}, again)({}, None)


def test_a_database_that_cannot_tell_whether_to_look_again_is_looked_at_a_minute_later() -> None:
    def away() -> bool:
        raise DatabaseUnavailable("It is away.")

    again = Again(chores={"urgent": lambda: 1}, is_needed=away, sleep=lambda _: pytest.fail("slept"))
    assert schedule_handler({"urgent": lambda: 1}, again)({}, None) == {"urgent": 1}

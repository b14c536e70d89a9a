"""Chores of the sweep: each on its own."""

import pytest

from shared.edge.schedule import ChoresFailed, schedule_handler
from shared.errors import VendorDown


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

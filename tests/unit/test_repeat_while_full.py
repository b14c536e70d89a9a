"""A chore's batches: all of them, unless that would take the other chores' turn."""

from collections.abc import Callable, Iterator

from functions.catalogue import FUNCTIONS
from shared.edge.schedule import Again
from shared.outbox.repeat_while_full import CHORE_SECONDS, repeat_while_full
from shared.sessions import expire_uploads, find_lost_uploads, stop_waiting

URGENT = 2
"""Chores that are done again within one invocation of the sweep, and so at its very end."""


def batches(*sizes: int) -> tuple[Callable[[], int], Iterator[int]]:
    left = iter(sizes)
    return left.__next__, left


def test_all_is_found_however_many_batches_it_takes() -> None:
    batch, left = batches(100, 100, 40, 100)
    assert repeat_while_full(batch, size=100) == 240
    assert list(left) == [100]


def test_when_its_time_is_over_the_rest_is_left_to_the_next_look() -> None:
    batch, left = batches(100, 100)
    assert repeat_while_full(batch, size=100, within_seconds=0) == 100
    assert list(left) == [100]


def test_a_sweep_with_too_much_of_everything_ends_before_its_function_is_stopped() -> None:
    [sweep] = [one for one in FUNCTIONS if one.name == "sweep"]
    last_look_begins = Again(chores={}, is_needed=lambda: True).within_seconds
    assert last_look_begins + URGENT * CHORE_SECONDS < sweep.timeout_seconds
    in_the_bucket = sum(chore.LOOKS_FOR_SECONDS for chore in (stop_waiting, find_lost_uploads, expire_uploads))
    assert (URGENT + 1) * CHORE_SECONDS + in_the_bucket < sweep.timeout_seconds

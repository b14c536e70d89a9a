"""Six events of an order heard in every order, up to three times each, late or at once: one end."""

from collections.abc import Sequence
from functools import partial
from itertools import permutations, product

import pytest

from dev.postgres import Postgres
from tests.fixtures.both_cores import on_both_cores
from tests.fixtures.payment_lives import LIVES, MOST_COPIES, Heard, Way, play
from tests.fixtures.payments import PACKAGE, TRIAL
from tests.fixtures.seeds import chance, seed_of_this_run
from tests.fixtures.throwaway_postgres import prepared

ALL = 720
"""6 * 5 * 4 * 3 * 2 * 1: the orders of six events, and as many ways of hearing each 0 or more happenings late."""

SOME = 60

KEPT = {"returned": 0, "half kept": 25, "bounced": 0, "settled": PACKAGE.credits, "expired": 0}


@pytest.fixture
def url(postgres: Postgres, database_name: str) -> str:
    return prepared(postgres.url(database_name, role="second_brain_app"))


def played(url: str, life: str, ways: Sequence[Way]) -> list[Heard]:
    return [heard for share in on_both_cores(partial(play, url, life), ways) for heard in share]


def in_order(url: str, life: str) -> Heard:
    numbers = tuple(range(len(LIVES[life])))
    return play(url, life, [Way(order=numbers, copies=(1,) * len(numbers))])[0]


def as_it_goes(url: str, life: str) -> Heard:
    """Each event at once, and once: the life that all others are compared with. Spending is chance's."""
    return play(url, life, [Way(delays=(0,) * len(LIVES[life]), seed="in order")])[0]


def tell(capsys: pytest.CaptureFixture[str], life: str, heard: Sequence[Heard]) -> None:
    deliveries = sum(one.deliveries for one in heard)
    with capsys.disabled():
        print(f"\n{life}: {len(heard)} orders of events, {deliveries} deliveries, seed {seed_of_this_run()}")  # noqa: T201


def chosen(ways: Sequence[Way], number: int, name: str) -> Sequence[Way]:
    """All of them, or as many as there is time for."""
    assert len(ways) == ALL
    return ways if number == ALL else chance(name).sample(ways, number)


@pytest.mark.timeout(0)  # what it waits for has a deadline of its own
@pytest.mark.parametrize(("life", "number"), [("returned", ALL), ("half kept", SOME)])
def test_all_orders_of_six_events_with_copies_end_alike(
    url: str, life: str, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = chance(f"copies of {life}")
    ways = [
        Way(order=order, copies=tuple(dice.randint(1, MOST_COPIES) for _ in order)) for order in permutations(range(6))
    ]
    heard = played(url, life, chosen(ways, number, life))
    expected = in_order(url, life)
    assert len(heard) == number
    assert {one.outcome for one in heard} == {expected.outcome}
    assert {one.settled for one in heard} == {(("applied", 6),)}
    assert expected.outcome.standing == TRIAL + KEPT[life]
    tell(capsys, life, heard)


@pytest.mark.parametrize(("life", "events", "number"), [("bounced", 2, 18), ("settled", 2, 18), ("expired", 1, 3)])
def test_all_orders_and_numbers_of_copies_of_few_events_end_alike(
    url: str, life: str, events: int, number: int
) -> None:
    copies = list(product(range(1, MOST_COPIES + 1), repeat=events))
    ways = [Way(order=order, copies=times) for order in permutations(range(events)) for times in copies]
    heard = play(url, life, ways)
    expected = in_order(url, life)
    assert len(heard) == number
    assert {one.outcome for one in heard} == {expected.outcome}
    assert {one.settled for one in heard} == {(("applied", events),)}
    assert expected.outcome.standing == TRIAL + KEPT[life]


@pytest.mark.timeout(0)  # what it waits for has a deadline of its own
@pytest.mark.parametrize("life", ["returned", "half kept"])
def test_events_heard_late_while_life_goes_on_and_credits_are_spent_end_as_those_heard_at_once(
    url: str, life: str, capsys: pytest.CaptureFixture[str]
) -> None:
    late = product(*(range(6 - number) for number in range(6)))
    ways = [Way(delays=delays, seed=f"{seed_of_this_run()} {life} {delays}") for delays in late]
    heard = played(url, life, chosen(ways, SOME, life))
    expected = as_it_goes(url, life)
    assert len(heard) == SOME
    assert {(one.outcome.payment, frozenset(one.outcome.effects.items())) for one in heard} == {
        (expected.outcome.payment, frozenset(expected.outcome.effects.items()))
    }
    assert {one.outcome.standing + one.spent for one in heard} == {TRIAL + KEPT[life]}
    assert {one.settled for one in heard} == {(("applied", 6),)}
    assert any(one.outcome.debt for one in heard)
    assert len({one.outcome.ledger for one in heard}) > 1  # they really went different ways
    tell(capsys, life, heard)

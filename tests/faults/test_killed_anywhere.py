"""A function is killed after every statement it sends and around every call it makes: nothing tells that it was."""

from collections.abc import Iterator

import psycopg
import pytest

from dev.postgres import Postgres
from functions.catalogue import FUNCTIONS, QUEUES
from tests.fakes.ticking_queues import DEAD
from tests.fixtures.fault_table import FaultRow, Record, is_soak
from tests.fixtures.mortal_functions import MOST_POINTS, World, dies_everywhere, dies_twice, mortal_functions
from tests.fixtures.seeds import chance
from tests.fixtures.unkilled import EXEMPT
from tests.fixtures.workflows import WORKFLOWS, Workflow

READS_ONLY = "GET"
FEW = 8


@pytest.fixture
def world(postgres: Postgres, database_name: str, owner: psycopg.Connection) -> Iterator[World]:
    with mortal_functions(postgres, database_name, owner) as the_world:
        yield the_world


def changing() -> set[str]:
    """Every route, queue and schedule of the catalogue behind which something may change."""
    routes = {f"{route.method} {route.path}" for function in FUNCTIONS for route in function.routes}
    queues = {trigger.queue for function in FUNCTIONS for trigger in function.queues}
    buried = {queue + DEAD for function in FUNCTIONS for queue in function.buries}
    others = {one.name for one in FUNCTIONS if not (one.routes or one.queues or one.buries)}
    return {route for route in routes if not route.startswith(READS_ONLY)} | queues | buried | others


def test_no_workflow_of_the_catalogue_is_forgotten() -> None:
    killed = {workflow.name for workflow in WORKFLOWS}
    assert killed & set(EXEMPT) == set()
    assert killed | set(EXEMPT) == changing()


def waker(workflow: Workflow) -> str:
    """Each third is a test of its own, so that workers may share them."""
    if " /" in workflow.name:
        return "a request"
    queues = {queue.name for queue in QUEUES}
    return "a message" if workflow.name.removesuffix(DEAD) in queues else "the clock or an operator"


@pytest.mark.timeout(0)
@pytest.mark.parametrize("woken_by", ["a request", "a message", "the clock or an operator"])
def test_every_workflow_dies_at_every_point_and_two_sweeps_later_nothing_tells(
    world: World, record_fault: Record, woken_by: str
) -> None:
    chosen = [workflow for workflow in WORKFLOWS if waker(workflow) == woken_by]
    points = [dies_everywhere(world, workflow) for workflow in chosen]
    assert min(map(len, points)) > 1
    deaths = sum(map(len, points))
    calls = sum(" the " in point for of_one in points for point in of_one)
    record_fault(
        FaultRow(
            place=1,
            fault=f"process killed after every statement and external call of every workflow woken by {woken_by}",
            size=f"{len(chosen)} workflow{'s' if len(chosen) > 1 else ''}, each point once",
            counted=f"{deaths:,} deaths, {calls:,} of them around calls outside; each state the same as without",
            must_show="0 lost, 0 double charges, all final within 2 sweeps",
        )
    )


@pytest.mark.timeout(0)
def test_whoever_does_it_again_is_killed_too(world: World, record_fault: Record) -> None:
    """In the soak every pair of points of every workflow; else one pair of some workflows, by chance."""
    dice, pairs = chance("pairs"), 0
    for workflow in WORKFLOWS if is_soak() else dice.sample(WORKFLOWS, FEW):
        if is_soak():
            points = len(dies_everywhere(world, workflow))
            for kill_at in range(1, points + 1):
                again_at = 1
                while dies_twice(world, workflow, kill_at, again_at) and again_at < MOST_POINTS:
                    again_at += 1
                pairs += again_at
        else:
            dies_twice(world, workflow, dice.randint(1, 8), dice.randint(1, 8))
            pairs += 1
    record_fault(
        FaultRow(
            place=1,
            fault="the same, and whoever does it again is killed in its turn",
            size=f"{pairs:,} pairs of points" if is_soak() else f"{pairs} pairs of points by chance; all in the soak",
            counted=f"{2 * pairs:,} deaths at most; each state the same as without",
            must_show="0 lost, 0 double charges, all final within 2 sweeps",
        )
    )

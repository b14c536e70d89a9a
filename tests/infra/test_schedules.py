"""How often what the clock wakes is woken, and by whom."""

from typing import Any

import aws_cdk as cdk
import pytest

from functions.catalogue import FUNCTIONS
from infra_cdk.deployment import Deployment
from infra_cdk.environments import environment_of
from infra_cdk.options import WrongOption
from infra_cdk.stacks.schedules import SchedulesStack

SCHEDULED = {function.name: function.every_seconds for function in FUNCTIONS if function.every_seconds}


def _schedules(**said: str) -> dict[str, dict[str, Any]]:
    """The properties of each function's schedule, by the function's name."""
    app = cdk.App(analytics_reporting=False)
    environment = environment_of(said)
    stack = SchedulesStack(app, Deployment(environment=environment, bundles={}))
    resources = app.synth().get_stack_artifact(stack.artifact_id).template["Resources"].values()
    found = [each["Properties"] for each in resources if each["Type"] == "AWS::Scheduler::Schedule"]
    return {each["Name"].removeprefix(f"second-brain-{environment.stage}-"): each for each in found}


def test_prod_wakes_what_the_catalogue_wakes_as_often_as_it_says() -> None:
    minutes = {name: seconds // 60 for name, seconds in SCHEDULED.items()}
    assert {name: each["ScheduleExpression"] for name, each in _schedules(stage="prod").items()} == {
        name: f"rate({count} minute{'s' if count > 1 else ''})" for name, count in minutes.items()
    }


def test_dev_wakes_nothing_more_than_once_an_hour_and_makes_no_event_good_after_the_next() -> None:
    found = _schedules(stage="dev")
    assert {each["ScheduleExpression"] for each in found.values()} == {"rate(60 minutes)"}
    assert {each["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] for each in found.values()} == {3_600}
    assert sorted(found) == sorted(SCHEDULED)


def test_an_interval_that_is_no_whole_minutes_or_longer_than_gauges_are_told_is_refused() -> None:
    for wrong in ("90", "30", "3660"):
        with pytest.raises(WrongOption, match="slowest_schedule"):
            environment_of({"slowest_schedule": wrong})

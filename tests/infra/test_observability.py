"""What the stack of alarms becomes in CloudFormation, by itself: no other stack is needed for it."""

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Match

from functions.catalogue import FUNCTIONS, QUEUES
from infra_cdk.checks.alarms import alarms_that_tell_nobody, queues_without_an_alarm
from infra_cdk.constructs.alarm_topic import NOBODY
from infra_cdk.constructs.catalogue_function import CatalogueFunction
from infra_cdk.deployment import Deployment
from infra_cdk.environments import environment_of
from infra_cdk.stacks.observability import ObservabilityStack

EMAIL = "oncall@example.com"


@cache
def _stack(stage: str, email: str = "") -> tuple[ObservabilityStack, Mapping[str, Any]]:
    said: dict[str, object] = {"stage": stage, **({"alarm_email": email} if email else {})}
    app = cdk.App(analytics_reporting=False)
    stack = ObservabilityStack(app, Deployment(environment=environment_of(said), bundles={}), "the-api")
    if email:  # no other test synthesises a stage that tells somebody, so what cdk-nag says of that is heard here
        cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app), cdk_nag.ServerlessChecks(app))
    template = app.synth().get_stack_artifact(stack.artifact_id).template
    return stack, template["Resources"]


def _of(resources: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in resources.values() if resource["Type"] == f"AWS::{kind}"]


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_queue_has_an_alarm_on_its_first_dead_letter(stage: str) -> None:
    _, resources = _stack(stage)
    watched = {
        alarm["Dimensions"][0]["Value"]
        for alarm in _of(resources, "CloudWatch::Alarm")
        if alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible"
        and (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    }
    assert watched == {f"second-brain-{stage}-{queue.dead_letter_name}" for queue in QUEUES}


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_alarm_tells_the_topic_that_it_began_and_that_it_is_over(stage: str) -> None:
    _, resources = _stack(stage)
    (topic,) = [name for name, resource in resources.items() if resource["Type"] == "AWS::SNS::Topic"]
    told = [(alarm["AlarmActions"], alarm["OKActions"]) for alarm in _of(resources, "CloudWatch::Alarm")]
    assert told == [([{"Ref": topic}], [{"Ref": topic}])] * len(told)


def test_dev_looks_at_nothing_that_its_logs_do_not_measure_and_has_few_alarms() -> None:
    _, few = _stack("dev")
    _, every = _stack("prod")
    dev, prod = _of(few, "CloudWatch::Alarm"), _of(every, "CloudWatch::Alarm")
    assert [alarm for alarm in dev if "Metrics" in alarm or alarm["Namespace"] == "SecondBrain"] == []
    assert len(dev) <= len(QUEUES) + 4
    assert {alarm["AlarmName"].replace("-dev-", "-prod-") for alarm in dev} < {alarm["AlarmName"] for alarm in prod}
    assert any("Metrics" in alarm for alarm in prod)
    assert len(prod) <= 100  # more than one widget shows


def test_silence_rings_where_something_is_due() -> None:
    _, resources = _stack("prod")
    of_silence = {
        alarm["AlarmName"]: alarm["TreatMissingData"]
        for alarm in _of(resources, "CloudWatch::Alarm")
        if alarm["ComparisonOperator"] == "LessThanThreshold"
    }
    assert "second-brain-prod-silent-sweep" in of_silence
    assert set(of_silence.values()) == {"breaching"}


def test_the_topic_takes_tls_only_and_only_from_this_accounts_alarms_and_budgets() -> None:
    _, resources = _stack("prod")
    (policy,) = _of(resources, "SNS::TopicPolicy")
    denied, *allowed = policy["PolicyDocument"]["Statement"]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert [one["Principal"]["Service"] for one in allowed] == ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    own = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert [one["Condition"] for one in allowed] == [own, own]


def test_a_month_and_a_day_have_budgets_that_tell_the_topic() -> None:
    _, resources = _stack("prod")
    found = _of(resources, "Budgets::Budget")
    assert {budget["Budget"]["TimeUnit"]: budget["Budget"]["BudgetLimit"]["Amount"] for budget in found} == {
        "MONTHLY": 300,
        "DAILY": 30,
    }
    (policy,) = [name for name, resource in resources.items() if resource["Type"] == "AWS::SNS::TopicPolicy"]
    waiting = [resource for resource in resources.values() if resource["Type"] == "AWS::Budgets::Budget"]
    assert all(policy in resource["DependsOn"] for resource in waiting)


def test_somebody_hears_or_it_is_said_that_nobody_does() -> None:
    _, resources = _stack("dev", EMAIL)
    (subscription,) = _of(resources, "SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", EMAIL)
    stack, deaf = _stack("dev")
    assert _of(deaf, "SNS::Subscription") == []
    Annotations.from_stack(stack).has_warning("*", Match.string_like_regexp(NOBODY[:40]))


def test_the_dashboard_is_one_whose_panels_lie_side_by_side() -> None:
    _, resources = _stack("prod")
    (dashboard,) = _of(resources, "CloudWatch::Dashboard")
    assert _of(_stack("dev")[1], "CloudWatch::Dashboard") == []
    pieces = dashboard["DashboardBody"]["Fn::Join"][1]
    body = json.loads("".join(piece if isinstance(piece, str) else piece["Ref"] for piece in pieces))
    alarms, *panels = body["widgets"]
    assert len(alarms["properties"]["alarms"]) == len(_of(resources, "CloudWatch::Alarm"))
    places = [(panel["x"], panel["y"]) for panel in panels]
    assert len(set(places)) == len(panels)
    assert all(panel["x"] + panel["width"] <= 24 and panel["y"] >= alarms["height"] for panel in panels)
    assert {panel["properties"]["region"] for panel in panels} == {"AWS::Region"}
    assert all(panel["properties"]["metrics"] for panel in panels)


def test_a_queue_without_an_alarm_and_an_alarm_that_tells_nobody_are_found() -> None:
    name = "second-brain-dev-embed-dlq"
    queues = {"Resources": {"Dead": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}}}
    alarms = {"Resources": deepcopy(dict(_stack("dev")[1]))}
    told = {"messaging": queues, "observability": alarms}
    assert queues_without_an_alarm(told) == []
    assert alarms_that_tell_nobody(told) == []
    (watching,) = [
        each["Properties"]
        for each in alarms["Resources"].values()
        if {"Name": "QueueName", "Value": name} in each["Properties"].get("Dimensions", [])
    ]
    watching["Threshold"] = 5
    watching["AlarmActions"] = []
    assert queues_without_an_alarm(told) == ["messaging/Dead: no alarm on its first message"]
    assert len(alarms_that_tell_nobody(told)) == 1


@pytest.mark.parametrize(("stage", "log_class"), [("dev", "INFREQUENT_ACCESS"), ("prod", None)])
def test_a_stage_without_metrics_logs_into_a_class_that_makes_none(
    stage: str, log_class: str | None, tmp_path: Path
) -> None:
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "one")
    deployment = Deployment(environment=environment_of({"stage": stage}), bundles={})
    openapi = next(function for function in FUNCTIONS if function.name == "openapi")
    CatalogueFunction(stack, openapi, deployment, code=lambda_.Code.from_asset(str(tmp_path)))
    resources = app.synth().get_stack_artifact(stack.artifact_id).template["Resources"]
    (log,) = _of(resources, "Logs::LogGroup")
    assert log.get("LogGroupClass") == log_class

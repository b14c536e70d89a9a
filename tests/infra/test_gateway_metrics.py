"""What the gateway measures, and bills."""

from pathlib import Path

import aws_cdk as cdk

from functions.catalogue.api import API
from infra_cdk.app import context_of_project
from infra_cdk.deployment import Deployment
from infra_cdk.environments import environment_of
from infra_cdk.stacks.api import ApiStack


def test_no_metrics_are_paid_for_by_the_route(tmp_path: Path) -> None:
    (tmp_path / "empty.py").touch()
    app = cdk.App(analytics_reporting=False, context=context_of_project())
    deployment = Deployment(environment=environment_of({"stage": "prod"}), bundles={API[0].family: tmp_path})
    stack = ApiStack(app, deployment, API[:1])
    resources = app.synth().get_stack_artifact(stack.artifact_id).template["Resources"].values()
    (stage,) = [each["Properties"] for each in resources if each["Type"] == "AWS::ApiGatewayV2::Stage"]
    settings = [stage["DefaultRouteSettings"], *stage["RouteSettings"].values()]
    assert [each for each in settings if each.get("DetailedMetricsEnabled")] == []
    assert len(settings) == 1 + len(API[0].routes)

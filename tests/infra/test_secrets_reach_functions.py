"""A secret that was changed reaches functions by a deploy that changes nothing else: they read secrets at Init."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_

from functions.catalogue import FUNCTIONS
from infra_cdk.constructs.catalogue_function import CatalogueFunction
from infra_cdk.deployment import Deployment
from infra_cdk.environments import environment_of

HEALTH = next(function for function in FUNCTIONS if function.name == "health")
MOMENTS = ("2026-11-22T07:30:00Z", "2026-11-22T07:30:01Z")


def _made(code: Path, *, secrets_of: str) -> dict[str, Any]:
    """The resources of one function that starts from snapshots, by what CloudFormation calls them."""
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "one")
    environment = environment_of({"stage": "dev", "snapstart": "yes", "secrets_of": secrets_of})
    deployment = Deployment(environment=environment, bundles={})
    CatalogueFunction(stack, HEALTH, deployment, code=lambda_.Code.from_asset(str(code)))
    return app.synth().get_stack_artifact(stack.artifact_id).template["Resources"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    code = tmp_path_factory.mktemp("code")
    (code / "handler.py").touch()
    return [_made(code, secrets_of=moment) for moment in (*MOMENTS, MOMENTS[1])]


def _names(resources: dict[str, Any], kind: str) -> set[str]:
    return {name for name, each in resources.items() if each["Type"] == kind}


def test_a_function_whose_secrets_changed_is_replaced_though_its_code_is_the_same(made: list[dict[str, Any]]) -> None:
    before, after, again = made
    assert after == again
    assert _names(before, "AWS::Lambda::Function") == _names(after, "AWS::Lambda::Function")
    changed = {each["Type"] for name, each in after.items() if before.get(name) != each}
    assert changed == {"AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias"}


def test_a_snapshot_with_old_secrets_is_not_used_again(made: list[dict[str, Any]]) -> None:
    before, after, _ = made
    assert _names(before, "AWS::Lambda::Version").isdisjoint(_names(after, "AWS::Lambda::Version"))

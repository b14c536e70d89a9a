"""What is left of a stage whose stacks go, or whose first deploy fails; one function stands for all of them."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import aws_cdk as cdk
import pytest

from functions.catalogue.workers import WORKERS
from infra_cdk.app import context_of_project
from infra_cdk.deployment import Deployment
from infra_cdk.environments import environment_of
from infra_cdk.stacks.data import DataStack
from infra_cdk.stacks.messaging import MessagingStack
from infra_cdk.stacks.storage import StorageStack
from infra_cdk.stacks.workers import WorkersStack

KEEPS = {
    "data": "AWS::KMS::Key",
    "messaging": "AWS::SQS::Queue",
    "storage": "AWS::S3::Bucket",
    "workers": "AWS::Logs::LogGroup",
}
"""What of each stack cannot be made again."""


def _stack(app: cdk.App, name: str, deployment: Deployment) -> cdk.Stack:
    made: dict[str, Callable[[], cdk.Stack]] = {
        "data": lambda: DataStack(app, deployment.environment),
        "messaging": lambda: MessagingStack(app, deployment),
        "storage": lambda: StorageStack(app, deployment),
        "workers": lambda: WorkersStack(app, deployment, WORKERS[:1]),
    }
    return made[name]()


@cache
def _made(stage: str) -> Mapping[str, tuple[bool | None, list[dict[str, Any]]]]:
    """By stack: whether it refuses to be deleted, and what it keeps."""
    folder = Path(mkdtemp())
    (folder / "empty.py").touch()
    app = cdk.App(analytics_reporting=False, context=context_of_project())
    environment = environment_of({"stage": stage, "own_key": "yes"})
    deployment = Deployment(environment=environment, bundles={WORKERS[0].family: folder})
    stacks = {name: _stack(app, name, deployment) for name in KEEPS}
    assembly = app.synth()
    return {
        name: (
            stack.termination_protection,
            [
                resource
                for resource in assembly.get_stack_artifact(stack.artifact_id).template["Resources"].values()
                if resource["Type"] == KEEPS[name]
            ],
        )
        for name, stack in stacks.items()
    }


@pytest.mark.parametrize("stack", KEEPS)
def test_in_production_it_outlives_its_stack_unless_its_first_deploy_failed(stack: str) -> None:
    _, kept = _made("prod")[stack]
    policies = {(resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) for resource in kept}
    assert policies == {("RetainExceptOnCreate", "Retain")}


@pytest.mark.parametrize("stack", KEEPS)
def test_elsewhere_it_goes_with_its_stack(stack: str) -> None:
    _, kept = _made("dev")[stack]
    assert {resource["DeletionPolicy"] for resource in kept} == {"Delete"}


@pytest.mark.parametrize("stack", ["data", "messaging", "storage"])
def test_in_production_what_holds_data_or_messages_cannot_be_deleted_by_one_command(stack: str) -> None:
    assert (_made("prod")[stack][0], bool(_made("dev")[stack][0])) == (True, False)

"""What a function may do with the stage's own keys: as much as its queues and objects want, through them only."""

from dataclasses import replace
from typing import Any

import pytest

from functions.catalogue import FUNCTIONS, Function
from infra_cdk.deployment import Deployment, Keys
from infra_cdk.environments import Environment, OtherStore
from infra_cdk.grants import statements

AT_REST = "key/at-rest"
OURS = Environment(stage="prod")
ELSEWHERE = Environment(stage="prod", other_store=OtherStore(endpoint_url="https://store.example", bucket="media"))
OPENS, SEALS = "kms:Decrypt", "kms:GenerateDataKey"


def rights(function: Function, environment: Environment = OURS) -> dict[str, Any]:
    deployment = Deployment(environment=environment, bundles={}, keys=Keys(at_rest=AT_REST))
    found = [each for each in statements(function, deployment) if each["Resource"] == [AT_REST]]
    return found[0] if found else {"Action": []}


def named(name: str) -> Function:
    return next(function for function in FUNCTIONS if function.name == name)


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("health", []),  # looks whether the bucket is there
        ("discard-objects", [OPENS]),  # receives, and deletes objects
        ("push", [OPENS]),  # receives only
        ("sessions", [OPENS, SEALS]),  # sends
        ("uploads", [OPENS, SEALS]),  # phones write with what it signs
    ],
)
def test_only_who_sends_or_writes_may_seal_and_only_who_reads_may_open(name: str, actions: list[str]) -> None:
    assert rights(named(name))["Action"] == actions


def test_an_object_that_lies_elsewhere_is_no_reason_to_use_the_key() -> None:
    writer = replace(named("uploads"), queues=(), sends_to=(), redrives=())
    assert rights(writer)["Action"] == [OPENS, SEALS]
    assert rights(writer, ELSEWHERE)["Action"] == []


@pytest.mark.parametrize("function", [each for each in FUNCTIONS if rights(each)["Action"]], ids=lambda each: each.name)
def test_the_key_works_through_s3_and_sqs_only(function: Function) -> None:
    services = rights(function)["Condition"]["StringEquals"]["kms:ViaService"]
    assert [service.split(".")[0] for service in services] == ["s3", "sqs"]

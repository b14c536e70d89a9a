"""What cdk-nag finds at functions and their roles, and why it stays: accepted one by one, each at its resource."""

from collections.abc import Iterator
from typing import cast

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from functions.catalogue import Function
from infra_cdk.deployment import Deployment
from infra_cdk.grants import Statement
from infra_cdk.nag_exceptions import SERVERLESS, SOLUTIONS, accept, told

_PYTHON = (
    "Python 3.13 is the newest that every package of the bundles has wheels for on arm64; AWS maintains it until 2029."
)


def accept_of_function(resource: lambda_.Function, function: Function, deployment: Deployment) -> None:
    """Accept what is found at the function itself."""
    accept(resource, f"{SOLUTIONS}-L1", _PYTHON)
    accept(resource, f"{SERVERLESS}-LambdaLatestVersion", _PYTHON)
    accept(resource, f"{SERVERLESS}-LambdaDLQ", _why_no_dead_letters(function))
    if not deployment.environment.is_traced:
        reason = "Traces are off at this stage, where nobody looks at them; `-c traces=yes` switches them on."
        accept(resource, f"{SERVERLESS}-LambdaTracing", reason)


def _why_no_dead_letters(function: Function) -> str:
    if function.routes:
        return "It answers the HTTP API, which waits for it: a failure is told to whoever asked, and nothing is queued."
    if function.queues:
        return "SQS wakes it: a message it fails at goes back to its queue, and in the end to the queue's dead letters."
    if function.every_seconds is not None:
        return (
            "A clock wakes it again soon, and it finds by itself what was left undone: a lost event is worth nothing."
        )
    return "An operator or a deploy calls it and waits for the answer, which says what failed."


def accept_of_mapping(mapping: lambda_.CfnEventSourceMapping) -> None:
    """Accept that a mapping names no destination of failures."""
    accept(
        mapping,
        f"{SERVERLESS}-LambdaEventSourceMappingDestination",
        "Destinations are for streams; for SQS it is the queue's redrive policy that says where failed messages go.",
    )


def accept_of_one_try(settings: lambda_.CfnEventInvokeConfig) -> None:
    """Accept that events of a clock lead nowhere when they fail."""
    accept(
        settings,
        f"{SERVERLESS}-LambdaAsyncFailureDestination",
        "An event of a clock says nothing that the next one does not say; that it failed is seen by an alarm.",
    )


def accept_of_role(role: iam.Role, function: Function, statements: list[Statement]) -> None:
    """Accept the wildcards of its role, each by its own name."""
    for resource in _wildcards(statements):
        reason = why_wildcard(resource, function)
        accept(role, f"{SOLUTIONS}-IAM5", reason, findings=(f"Resource::{told(resource)}",))
        if resource == "*":
            accept(role, f"{SERVERLESS}-LambdaStarPermissions", reason)


def _wildcards(statements: list[Statement]) -> Iterator[str]:
    resources = [resource for statement in statements for resource in cast("list[str]", statement["Resource"])]
    return (resource for resource in dict.fromkeys(resources) if "*" in resource)


def why_wildcard(resource: str, function: Function) -> str:
    """The reason of a wildcard. LookupError for one that nobody gave any: then it is not to be."""
    if ":log-group:" in resource:
        return f"These are the streams of the log of {function.name}, whose names Lambda makes up as it goes."
    if ":s3:::" in resource:
        prefix = resource.rpartition("/")[0].rpartition("/")[2]
        return f"Keys under {prefix}/ are made at run time, so no policy can list them; other prefixes stay shut."
    if resource == "*":
        return "Network interfaces and X-Ray know no resource to name: AWS takes these actions for everything or not."
    raise LookupError(f"{function.name}: nobody says why its role may use {resource}.")

"""Where cdk-nag is told no: on one resource, for a reason.

cdk-nag's packs AwsSolutions and Serverless look at every resource at synthesis, and anything they find fails it.
"""

import aws_cdk as cdk
from aws_cdk import Aws
from constructs import IConstruct

SOLUTIONS, SERVERLESS = "AwsSolutions::AwsSolutions", "Serverless::Serverless"


def accept(resource: IConstruct, rule: str, reason: str, *, findings: tuple[str, ...] = ()) -> None:
    """Accept what a rule finds at a resource, as `AwsSolutions::AwsSolutions-SQS3`.

    Where a rule finds several things at one resource, each is accepted by its own name, such as `Resource::*`.
    """
    ids = [f"{rule}[{finding}]" for finding in findings] or [rule]
    cdk.Validations.of(resource).acknowledge(*(cdk.Acknowledgment(id=name, reason=reason) for name in ids))


def told(resource: str) -> str:
    """An ARN as cdk-nag tells of it: with names in angles where CloudFormation is to fill something in."""
    for token, name in (
        (Aws.PARTITION, "Partition"),
        (Aws.REGION, "Region"),
        (Aws.ACCOUNT_ID, "AccountId"),
    ):
        resource = resource.replace(token, f"<AWS::{name}>")
    return resource

"""What things are called in AWS: by stage and by the catalogue's word, so that nobody has to ask another stack.

A name that can be worked out needs no export, and an export is what keeps one stack from changing before another.
"""

from aws_cdk import Aws

from functions.catalogue.settings import resource_name as resource_name

PRODUCT = "second-brain"


def arn(service: str, resource: str) -> str:
    """The ARN of something of this account and region; CloudFormation fills in which."""
    return f"arn:{Aws.PARTITION}:{service}:{Aws.REGION}:{Aws.ACCOUNT_ID}:{resource}"


def queue_arn(stage: str, queue: str) -> str:
    """A queue's, or a dead-letter queue's."""
    return arn("sqs", resource_name(stage, queue))


def queue_url_prefix(stage: str) -> str:
    """What stands before a queue's name in its URL, up to and with the stage."""
    return f"https://sqs.{Aws.REGION}.{Aws.URL_SUFFIX}/{Aws.ACCOUNT_ID}/{resource_name(stage, '')}"


def function_arn(stage: str, function: str, *, alias: str | None = None) -> str:
    """A function's, or that of one of its aliases."""
    name = resource_name(stage, function)
    return arn("lambda", f"function:{name}:{alias}" if alias else f"function:{name}")


def bucket_name(stage: str) -> str:
    """Names of buckets are shared by everybody in the world, so account and region are part of it."""
    return f"{resource_name(stage, 'media')}-{Aws.ACCOUNT_ID}-{Aws.REGION}"


def log_group_name(stage: str, function: str) -> str:
    """Where Lambda writes a function's log unless it is told otherwise."""
    return f"/aws/lambda/{resource_name(stage, function)}"

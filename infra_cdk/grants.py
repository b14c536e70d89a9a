"""What a function's role may do, as IAM statements: what the catalogue says, and nothing beside it."""

from collections.abc import Iterable
from typing import Any

from aws_cdk import Aws

from functions.catalogue import Function, Objects
from infra_cdk.database_access import ROLES
from infra_cdk.deployment import Deployment
from infra_cdk.environments import Environment
from infra_cdk.names import arn, bucket_name, function_arn, log_group_name, queue_arn
from infra_cdk.secret_groups import secret_arns

Statement = dict[str, Any]

_OF_OBJECTS = {
    "read": ("s3:GetObject",),
    "write": ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
    "delete": ("s3:DeleteObject", "s3:AbortMultipartUpload"),
}
_OF_NETWORK = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
_OF_TRACES = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
_OF_MASTER_KEY = ("kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")
_OF_RECEIVING = ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


def statements(function: Function, deployment: Deployment) -> list[Statement]:
    """The statements of the function's own role."""
    environment = deployment.environment
    return [
        _log(function, environment),
        *_queues(function, environment),
        *(_objects(function, environment) if environment.other_store is None else []),
        *_secrets(function, environment),
        *_keys(function, deployment),
        *_database(function, deployment),
        *([_allow(_OF_TRACES, ["*"])] if environment.is_traced else []),
    ]


def _allow(actions: Iterable[str], resources: list[str], **more: object) -> Statement:
    return {"Effect": "Allow", "Action": sorted(set(actions)), "Resource": resources, **more}


def _log(function: Function, environment: Environment) -> Statement:
    group = arn("logs", f"log-group:{log_group_name(environment.stage, function.name)}:*")
    return _allow(("logs:CreateLogStream", "logs:PutLogEvents"), [group])


def _queues(function: Function, environment: Environment) -> list[Statement]:
    stage = environment.stage
    received = [*(trigger.queue for trigger in function.queues), *_dead(function.buries)]
    watched = [name for queue in function.watches for name in (queue, f"{queue}-dlq")]
    rows = (
        (("sqs:SendMessage",), [*function.sends_to, *function.redrives]),
        (_OF_RECEIVING, received),
        (("sqs:GetQueueAttributes",), watched),
        (("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"), _dead(function.redrives)),
    )
    return [_allow(actions, _arns(stage, names)) for actions, names in rows if names]


def _dead(queues: Iterable[str]) -> list[str]:
    return [f"{queue}-dlq" for queue in queues]


def _arns(stage: str, queues: Iterable[str]) -> list[str]:
    return [queue_arn(stage, queue) for queue in dict.fromkeys(queues)]


def _objects(function: Function, environment: Environment) -> list[Statement]:
    if not function.bucket:
        return []
    bucket = f"arn:{Aws.PARTITION}:s3:::{bucket_name(environment.stage)}"
    removes = any("delete" in objects.actions for objects in function.bucket)
    # Who may not list a bucket is told 403 of an object that is not there, where our code waits for 404; so would be
    # who may list by s3:prefix only, for asking for an object names none.
    listing = _allow(("s3:ListBucket", *(("s3:ListBucketMultipartUploads",) if removes else ())), [bucket])
    return [listing, *(_allow(_actions(objects), [f"{bucket}/{objects.prefix}/*"]) for objects in _used(function))]


def _used(function: Function) -> list[Objects]:
    return [objects for objects in function.bucket if objects.actions]


def _actions(objects: Objects) -> list[str]:
    return [action for verb in objects.actions for action in _OF_OBJECTS[verb]]


def _secrets(function: Function, environment: Environment) -> list[Statement]:
    arns = secret_arns(function, environment)
    action = "secretsmanager:GetSecretValue" if environment.has_secrets_manager else "ssm:GetParameter"
    return [_allow((action,), arns)] if arns else []


def _keys(function: Function, deployment: Deployment) -> list[Statement]:
    """To read and write what queues and bucket encrypt; for functions of the vault, its master key."""
    keys, actions = deployment.keys, _of_what_is_encrypted(function, deployment.environment)
    found: list[Statement] = []
    if keys.at_rest and actions:
        services = [f"{service}.{Aws.REGION}.amazonaws.com" for service in ("s3", "sqs")]
        found.append(_allow(actions, [keys.at_rest], Condition={"StringEquals": {"kms:ViaService": services}}))
    if keys.vault and function.master_key:
        found.append(_allow(_OF_MASTER_KEY, [keys.vault]))
    return found


def _of_what_is_encrypted(function: Function, environment: Environment) -> list[str]:
    """Who sends or writes needs a data key, and opens it again for further messages and for parts of an upload.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    on_objects = {verb for objects in function.bucket for verb in objects.actions if environment.other_store is None}
    writes = bool(function.sends_to or function.redrives or "write" in on_objects)
    reads = bool(function.queues or function.buries or "read" in on_objects)
    return [*(["kms:GenerateDataKey"] if writes else []), *(["kms:Decrypt"] if writes or reads else [])]


def _database(function: Function, deployment: Deployment) -> list[Statement]:
    database = deployment.database
    if database is None or function.database == "none":
        return []
    user = arn("rds-db", f"dbuser:{database.resource_id}/{ROLES[function.database]}")
    return [_allow(("rds-db:connect",), [user]), *_network(function, deployment.environment)]


def _network(function: Function, environment: Environment) -> list[Statement]:
    """For Lambda, which joins the function to the network with the function's role; the code itself may do none of it.

    Else who breaks into the decoder of strangers' sounds could cut any network interface of the account.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    code = {"ArnEquals": {"lambda:SourceFunctionArn": function_arn(environment.stage, function.name)}}
    own = _allow(_OF_NETWORK, ["*"])
    return [own, {**own, "Effect": "Deny", "Condition": code}]

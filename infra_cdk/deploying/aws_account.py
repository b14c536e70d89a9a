"""The account and region that the command line's credentials lead to."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

MOST_OF_A_PARAMETER_BYTES = 4_096
"""Of a standard parameter: https://docs.aws.amazon.com/general/latest/gr/ssm.html"""

_ABSENT = {"ParameterNotFound", "ResourceNotFoundException", "ValidationError"}
"""The last is CloudFormation's word for a stack that is not there."""

_PATIENT = Config(read_timeout=960, retries={"total_max_attempts": 1})
"""A function may take 15 minutes; boto3 would give up after one, and call it again while it works."""


class AccountRefuses(RuntimeError):
    """AWS cannot be asked, or does not allow it. Its text is AWS's own, which names no secret's value."""


class SecretTooLarge(ValueError):
    """A group does not fit into a parameter."""


class AwsAccount:
    """What deploying asks of AWS. `endpoint_url` is where a test's stands."""

    def __init__(self, *, endpoint_url: str | None = None, region: str | None = None) -> None:
        self._session: Any = Session(region_name=region)
        self._clients: dict[str, Any] = {}
        self._endpoint_url = endpoint_url

    @property
    def region(self) -> str | None:
        """Where it would deploy; None when nobody says."""
        return self._session.region_name

    def caller(self) -> str:
        """Who the credentials are of. Raises AccountRefuses."""
        return str(self._ask("sts", "get_caller_identity")["Arn"])

    def bootstrap_version(self) -> int | None:
        """Of what `cdk bootstrap` made in this region; None when it was never run. Raises AccountRefuses."""
        held = self._ask_if_there("ssm", "get_parameter", Name="/cdk-bootstrap/hnb659fds/version")
        return None if held is None else int(held["Parameter"]["Value"])

    def read_group(self, name: str) -> dict[str, str]:
        """What a secret or, with a slash, a parameter holds; nothing when it is not there. Raises AccountRefuses."""
        if name.startswith("/"):
            held = self._ask_if_there("ssm", "get_parameter", Name=name, WithDecryption=True)
            return {} if held is None else json.loads(held["Parameter"]["Value"])
        held = self._ask_if_there("secretsmanager", "get_secret_value", SecretId=name)
        return {} if held is None else json.loads(held["SecretString"])

    def changed_at(self, name: str) -> datetime | None:
        """When a secret or a parameter was changed last, without reading it; None when it is not there.

        Raises AccountRefuses.
        """
        if name.startswith("/"):
            held = self._ask_if_there("ssm", "get_parameter", Name=name, WithDecryption=False)
            return None if held is None else held["Parameter"]["LastModifiedDate"]
        held = self._ask_if_there("secretsmanager", "describe_secret", SecretId=name)
        return None if held is None else held["LastChangedDate"]

    def write_group(self, name: str, values: Mapping[str, str]) -> None:
        """Put it there, whole. Raises AccountRefuses, and SecretTooLarge before anything is sent."""
        text = as_text(name, values)
        if name.startswith("/"):
            self._ask("ssm", "put_parameter", Name=name, Value=text, Type="SecureString", Overwrite=True)
        elif self._ask_if_there("secretsmanager", "put_secret_value", SecretId=name, SecretString=text) is None:
            self._ask("secretsmanager", "create_secret", Name=name, SecretString=text)

    def most_at_once(self) -> int:
        """How many functions of the account may run at once in this region. Raises AccountRefuses."""
        return int(self._ask("lambda", "get_account_settings")["AccountLimit"]["ConcurrentExecutions"])

    def invoke(self, function: str, event: Mapping[str, object]) -> tuple[dict[str, Any], bool]:
        """What a function answers, and whether that is an error of its own. Raises AccountRefuses."""
        told = self._ask("lambda", "invoke", FunctionName=function, Payload=json.dumps(event).encode())
        return json.loads(told["Payload"].read()), "FunctionError" in told

    def buckets_of(self, stack: str) -> list[str]:
        """The buckets a stack has made; none when there is no such stack. Raises AccountRefuses."""
        held = self._ask_if_there("cloudformation", "describe_stack_resources", StackName=stack)
        made: list[dict[str, str]] = [] if held is None else held["StackResources"]
        return [each["PhysicalResourceId"] for each in made if each["ResourceType"] == "AWS::S3::Bucket"]

    def empty(self, bucket: str) -> int:
        """Remove every object of a bucket in all its versions, and tell how many. Raises AccountRefuses."""
        removed = 0
        while True:
            held = self._ask("s3", "list_object_versions", Bucket=bucket)  # a thousand of them
            found = [*held.get("Versions", []), *held.get("DeleteMarkers", [])]
            if not found:
                return removed
            named = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            told = self._ask("s3", "delete_objects", Bucket=bucket, Delete={"Objects": named, "Quiet": True})
            if wrong := told.get("Errors"):
                raise AccountRefuses(f"s3: {bucket} keeps {len(wrong)} objects: {wrong[0].get('Message', '')}")
            removed += len(named)

    def _ask_if_there(self, service: str, action: str, **what: object) -> Any:  # noqa: ANN401 - boto3 has no types
        try:
            return self._ask(service, action, **what)
        except AccountRefuses as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and cause.response.get("Error", {}).get("Code") in _ABSENT:
                return None
            raise

    def _ask(self, service: str, action: str, **what: object) -> Any:  # noqa: ANN401 - boto3 has no types
        try:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service, endpoint_url=self._endpoint_url, config=_PATIENT if service == "lambda" else None
                )
            return getattr(self._clients[service], action)(**what)
        except (BotoCoreError, ClientError) as error:
            raise AccountRefuses(f"{service}: {error}") from error


def as_text(name: str, values: Mapping[str, str]) -> str:
    """A group as it is kept. Raises SecretTooLarge for what a standard parameter does not hold."""
    text = json.dumps(dict(sorted(values.items())))
    size = len(text.encode())
    if name.startswith("/") and size > MOST_OF_A_PARAMETER_BYTES:
        raise SecretTooLarge(
            f"{name} is {size} bytes, and a standard parameter holds {MOST_OF_A_PARAMETER_BYTES}: "
            "deploy the stage with -c secrets_manager=yes, or make its values smaller."
        )
    return text

"""Starts and stops moto (S3 and SQS) in a process of its own, and lays out bucket, queues and notification.

`emulator = start_aws_emulator(log_path=...)` binds a free port of 127.0.0.1: `emulator.endpoint_url`.
`emulator.stop()` ends it. It also ends by itself when this process does, however that happens.
Then, in this order: `create_bucket`, `object_edge.restore.restore`, `create_queues`, `notify`.
Credentials towards moto are whatever one likes: it checks none.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import httpx

from dev.object_edge.upstream import location_xml, no_authorities

REPOSITORY = Path(__file__).resolve().parents[1]
STOP_TIMEOUT_SECONDS = 5
CALL_TIMEOUT_SECONDS = 30
HTTP_CONFLICT = 409


class EmulatorFailed(RuntimeError):
    """moto did not start, or refused what was asked of it."""


@dataclass(frozen=True, kw_only=True)
class AwsEmulator:
    """A running moto."""

    endpoint_url: str
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def stop(self) -> None:
        """Ends it and waits until it is gone. Safe to repeat."""
        if self.process.stdin:
            self.process.stdin.close()
        if self.process.stdout:
            self.process.stdout.close()
        try:
            self.process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(frozen=True, kw_only=True)
class QueueSpec:
    """A queue to create. After `max_receive_count` receives a message goes to `<name>-dlq`."""

    name: str
    visibility_timeout_seconds: int
    max_receive_count: int


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A queue and its dead-letter queue, as moto addresses them."""

    name: str
    url: str
    arn: str
    dead_letter_url: str
    dead_letter_arn: str


def start_aws_emulator(*, log_path: Path | None = None, timeout_seconds: float = 30) -> AwsEmulator:
    """Starts moto and returns once it listens.

    Args:
        log_path: where its output is appended; nowhere when None.
        timeout_seconds: how long it may take to listen.

    Raises:
        EmulatorFailed: it ended, or did not listen in time.
    """
    command = [sys.executable, "-m", "dev.aws_emulator_process"]
    with Path(log_path or os.devnull).open("ab") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
    try:
        port = _read_port(process, timeout_seconds)
    except EmulatorFailed:
        AwsEmulator(endpoint_url="", process=process).stop()
        raise
    return AwsEmulator(endpoint_url=f"http://127.0.0.1:{port}", process=process)


def create_bucket(endpoint_url: str, bucket: str, *, region: str) -> None:
    """Creates the bucket; one that exists already is left as it is.

    Raises:
        EmulatorFailed: moto refused.
    """
    headers = _as_anyone(region, "s3")
    response = _send("PUT", f"{endpoint_url}/{bucket}", location_xml(region), headers, accept={HTTP_CONFLICT})
    response.close()


def create_queues(endpoint_url: str, specs: Iterable[QueueSpec], *, region: str) -> dict[str, Queue]:
    """Creates `<name>` and `<name>-dlq` for each, with the redrive policy between them; by name.

    Raises:
        EmulatorFailed: moto refused.
    """
    return {spec.name: _create_queue(endpoint_url, spec, region) for spec in specs}


def notify(endpoint_url: str, bucket: str, queue: Queue, *, region: str, prefix: str = "") -> None:
    """Lets the bucket send `s3:ObjectCreated:*` of keys under `prefix` to the queue.

    S3, and so moto, sends an `s3:TestEvent` first.

    Raises:
        EmulatorFailed: moto refused.
    """
    rule = f"<Id>object-created</Id><Queue>{escape(queue.arn)}</Queue><Event>s3:ObjectCreated:*</Event>"
    only = f"<FilterRule><Name>prefix</Name><Value>{escape(prefix)}</Value></FilterRule>" if prefix else ""
    rule += f"<Filter><S3Key>{only}</S3Key></Filter>" if only else ""
    xml = (
        '<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<QueueConfiguration>{rule}</QueueConfiguration></NotificationConfiguration>"
    )
    _send("PUT", f"{endpoint_url}/{bucket}?notification", xml.encode(), _as_anyone(region, "s3"))


def _read_port(process: "subprocess.Popen[bytes]", timeout_seconds: float) -> int:
    if process.stdout is None or not select.select([process.stdout], [], [], timeout_seconds)[0]:
        raise EmulatorFailed(f"moto did not listen within {timeout_seconds} s")
    line = process.stdout.readline()
    if not line.strip().isdigit():
        raise EmulatorFailed("moto ended before it listened; its log says why")
    return int(line)


def _create_queue(endpoint_url: str, spec: QueueSpec, region: str) -> Queue:
    dead_letter_url, dead_letter_arn = _create(endpoint_url, f"{spec.name}-dlq", {}, region)
    redrive = {"deadLetterTargetArn": dead_letter_arn, "maxReceiveCount": spec.max_receive_count}
    attributes = {
        "VisibilityTimeout": str(spec.visibility_timeout_seconds),
        "RedrivePolicy": json.dumps(redrive),
    }
    url, arn = _create(endpoint_url, spec.name, attributes, region)
    return Queue(name=spec.name, url=url, arn=arn, dead_letter_url=dead_letter_url, dead_letter_arn=dead_letter_arn)


def _create(endpoint_url: str, name: str, attributes: Mapping[str, str], region: str) -> tuple[str, str]:
    request = {"QueueName": name, "Attributes": dict(attributes)}
    url = _call_sqs(endpoint_url, "CreateQueue", request, region)["QueueUrl"]
    asked = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
    found = _call_sqs(endpoint_url, "GetQueueAttributes", asked, region)
    return url, found["Attributes"]["QueueArn"]


def _call_sqs(endpoint_url: str, action: str, request: Mapping[str, Any], region: str) -> dict[str, Any]:
    headers = {
        **_as_anyone(region, "sqs"),
        "x-amz-target": f"AmazonSQS.{action}",
        "content-type": "application/x-amz-json-1.0",
    }
    return _send("POST", f"{endpoint_url}/", json.dumps(request).encode(), headers).json()


def _as_anyone(region: str, service: str) -> dict[str, str]:
    # moto reads service and region from the scope and checks nothing else.
    scope = f"local/20200101/{region}/{service}/aws4_request"
    return {"authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=local"}


def _send(
    method: str,
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    *,
    accept: frozenset[int] | set[int] = frozenset(),
) -> httpx.Response:
    with httpx.Client(trust_env=False, verify=no_authorities(), timeout=CALL_TIMEOUT_SECONDS) as client:
        response = client.request(method, url, content=content, headers=headers)
    if not response.is_success and response.status_code not in accept:
        raise EmulatorFailed(f"{method} {url}: {response.status_code} {response.text[:500]}")
    return response

"""The three SQS calls the dispatcher needs, asynchronous, so that a long poll costs no thread and ends at once."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from dev.lambda_runtime.invocation import ACCOUNT_ID, REGION
from dev.localhost import local_client

_MARGIN_SECONDS = 10
_SCOPE = f"local/20200101/{REGION}/sqs/aws4_request"


class SqsCallFailed(Exception):
    """The queue service refused a call, or could not be reached."""


class SqsClient:
    """Talks SQS's JSON protocol to a local endpoint that checks no signatures (moto)."""

    def __init__(self, endpoint_url: str, *, longest_wait_seconds: int) -> None:
        self._endpoint_url = endpoint_url.rstrip("/")
        self._http = local_client(timeout_seconds=longest_wait_seconds + _MARGIN_SECONDS, max_connections=500)

    async def receive(self, queue_name: str, *, count: int, wait_seconds: int) -> list[dict[str, Any]]:
        """Up to `count` (at most 10) messages, with all attributes, waiting for the first of them.

        Raises:
            SqsCallFailed: refused or unreachable.
        """
        answer = await self._call(
            "ReceiveMessage",
            {
                "QueueUrl": self._url(queue_name),
                "MaxNumberOfMessages": count,
                "WaitTimeSeconds": wait_seconds,
                "MessageSystemAttributeNames": ["All"],
                "MessageAttributeNames": ["All"],
            },
        )
        return answer.get("Messages", [])

    async def delete(self, queue_name: str, receipt_handles: Sequence[str]) -> None:
        """Delete up to 10 messages.

        Raises:
            SqsCallFailed: refused or unreachable, or some message could not be deleted.
        """
        entries = [{"Id": str(place), "ReceiptHandle": handle} for place, handle in enumerate(receipt_handles)]
        answer = await self._call("DeleteMessageBatch", {"QueueUrl": self._url(queue_name), "Entries": entries})
        if answer.get("Failed"):
            raise SqsCallFailed(f"DeleteMessageBatch: {answer['Failed']}")

    async def stop(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    def _url(self, queue_name: str) -> str:
        return f"{self._endpoint_url}/{ACCOUNT_ID}/{queue_name}"

    async def _call(self, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"AmazonSQS.{action}",
            # moto reads the region here and checks nothing.
            "authorization": f"AWS4-HMAC-SHA256 Credential={_SCOPE}, SignedHeaders=host, Signature=local",
        }
        try:
            response = await self._http.post(f"{self._endpoint_url}/", content=json.dumps(request), headers=headers)
            response.raise_for_status()
            return response.json() if response.content else {}
        except (httpx.HTTPError, ValueError) as error:
            raise SqsCallFailed(f"{action}: {error!r}") from error

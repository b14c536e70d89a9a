"""SQS for the peer: the vendor's own client, in a thread so that the loop is not held up, as most would do it."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import boto3


class SqsClient:
    """Sends batches."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Any = boto3.client(
            "sqs",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="LOCALACCESSKEY",
            aws_secret_access_key="local",  # noqa: S106 - opens nothing: the server behind it checks nothing
        )

    async def send_batch(self, queue: str, messages: Sequence[dict[str, Any]]) -> None:
        """One SendMessageBatch."""
        entries = [{"Id": message["id"], "MessageBody": json.dumps(message)} for message in messages]
        queue_url = f"{self._url}/123456789012/{queue}"
        answer = await asyncio.to_thread(self._client.send_message_batch, QueueUrl=queue_url, Entries=entries)
        if answer.get("Failed"):
            raise RuntimeError(f"{queue} refused messages")

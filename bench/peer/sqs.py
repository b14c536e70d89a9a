"""SQS for the peer: signed by botocore as ours, sent over kept connections with next to nothing around them.

Cheaper than what a team would take (aiobotocore, httpx), so that the queue is no reason why the peer is slow.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_CONTENT_LENGTH = b"content-length:"


class SqsClient:
    """Sends batches; one kept connection for each queue."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._signer = SigV4Auth(Credentials("LOCALACCESSKEY", "local"), "sqs", "us-east-1")
        self._connections: dict[str, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def send_batch(self, queue: str, messages: Sequence[dict[str, Any]]) -> None:
        """One SendMessageBatch."""
        entries = [{"Id": message["id"], "MessageBody": json.dumps(message)} for message in messages]
        body = json.dumps({"QueueUrl": f"{self._url}/123456789012/{queue}", "Entries": entries}).encode()
        headers = {"X-Amz-Target": "AmazonSQS.SendMessageBatch", "Content-Type": "application/x-amz-json-1.0"}
        request = AWSRequest(method="POST", url=self._url, headers=headers, data=body)
        self._signer.add_auth(request)
        answer = json.loads(await self._exchange(queue, dict(request.headers), body))
        if answer.get("Failed"):
            raise RuntimeError(f"{queue} refused messages")

    async def _exchange(self, queue: str, headers: dict[str, str], body: bytes) -> bytes:
        reader, writer = self._connections.get(queue) or await self._connect(queue)
        lines = ["POST / HTTP/1.1", f"Host: {urlsplit(self._url).netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(_CONTENT_LENGTH)[2].partition(b"\r\n")[0])
        return await reader.readexactly(size)

    async def _connect(self, queue: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        place = urlsplit(self._url)
        self._connections[queue] = await asyncio.open_connection(place.hostname, place.port)
        return self._connections[queue]

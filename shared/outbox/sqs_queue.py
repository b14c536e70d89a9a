"""Amazon SQS through its JSON protocol.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
"""

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any, Self

from shared.aws.signed_http import SignedHttp
from shared.errors import VendorDown
from shared.outbox.message import Message
from shared.outbox.queue_depths import Depth
from shared.outbox.settings import QueueSettings

_BATCH = 10  # messages in one SendMessageBatch: SQS's limit
_OK = 200
_DEPTH = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class SqsQueue:
    """Queues whose URL is `<url_prefix><name>`, reached at `endpoint_url`."""

    def __init__(self, http: SignedHttp, *, endpoint_url: str, url_prefix: str) -> None:
        self._http = http
        self._endpoint_url = endpoint_url
        self._url_prefix = url_prefix

    @classmethod
    def of(cls, settings: QueueSettings) -> Self:
        """The queues a function's settings name."""
        http = SignedHttp(credentials=settings.credentials(), region=settings.aws_region, service="sqs")
        return cls(http, endpoint_url=settings.queue_endpoint_url, url_prefix=settings.queue_url_prefix)

    def send(self, queue: str, messages: Sequence[Message]) -> None:
        """Send all, or raise VendorDown; some may then have been sent."""
        remaining = iter(messages)
        while batch := list(islice(remaining, _BATCH)):
            entries = [{"Id": str(m.id), "MessageBody": m.model_dump_json()} for m in batch]
            answer = self._call("SendMessageBatch", queue, Entries=entries)
            if answer.get("Failed"):
                raise VendorDown(f"The queue {queue} refused {len(answer['Failed'])} of {len(batch)} messages.")

    def delay(self, queue: str, receipt_handle: str, seconds: int) -> None:
        """Let a received message come back after `seconds`; `queue` may be the name a record carries."""
        name = queue.removeprefix(self._url_prefix.rpartition("/")[2])
        self._call("ChangeMessageVisibility", name, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds)

    def check(self, queue: str) -> None:
        """Raise VendorDown unless the queue answers."""
        self._call("GetQueueAttributes", queue, AttributeNames=["QueueArn"])

    def depth(self, queue: str) -> Depth:
        """About how many messages lie in the queue. Raises VendorDown."""
        answer = self._call("GetQueueAttributes", queue, AttributeNames=list(_DEPTH))
        try:
            visible, in_flight, delayed = (int(answer["Attributes"][name]) for name in _DEPTH)
        except (KeyError, TypeError, ValueError) as error:
            raise VendorDown(f"The queue service does not say how full {queue} is.") from error
        return Depth(visible=visible, in_flight=in_flight, delayed=delayed)

    def _call(self, action: str, queue: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - SQS's own JSON
        body = json.dumps({"QueueUrl": f"{self._url_prefix}{queue}", **parameters}).encode()
        headers = {"X-Amz-Target": f"AmazonSQS.{action}", "Content-Type": "application/x-amz-json-1.0"}
        answer = self._http.send("POST", self._endpoint_url, headers=headers, body=body)
        if answer.status != _OK:
            raise VendorDown(f"The queue service answered {answer.status} to {action} on {queue}.")
        try:
            return json.loads(answer.body or b"{}")
        except ValueError as error:
            raise VendorDown(f"The queue service's answer to {action} on {queue} is no JSON.") from error

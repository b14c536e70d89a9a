"""The bucket's notices, as S3 writes them into a queue.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from shared.errors import Malformed
from shared.media.model import ObjectFacts


@dataclass(frozen=True, kw_only=True)
class ObjectNotice:
    """An object was created."""

    object_key: str
    facts: ObjectFacts


def read_notices(body: str) -> list[ObjectNotice]:
    """The creations a message tells of; none for the test event and for anything else that may happen to objects.

    Raises Malformed: such a message ends in the dead-letter queue.
    """
    try:
        event: dict[str, Any] = json.loads(body)
        if event.get("Event") == "s3:TestEvent":
            return []
        records: list[dict[str, Any]] = event["Records"]
        return [_notice(record["s3"]["object"]) for record in records if _is_creation(record)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed("The message is no notice of the bucket.") from error


def _is_creation(record: dict[str, Any]) -> bool:
    return record["eventSource"] == "aws:s3" and record["eventName"].startswith("ObjectCreated:")


def _notice(created: dict[str, Any]) -> ObjectNotice:
    return ObjectNotice(
        object_key=unquote_plus(created["key"]),
        facts=ObjectFacts(size_bytes=int(created["size"]), etag=str(created["eTag"]).strip('"')),
    )

"""The bucket's notices, as S3 writes them into a queue.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from shared.errors import Malformed
from shared.media.model import ObjectFacts
from shared.values import frozen

_MAX_KEY_BYTES = 1_024
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"""


@frozen
class ObjectNotice:
    """An object was created."""

    object_key: str
    facts: ObjectFacts
    occurred_at: datetime | None = None


def read_notices(body: str) -> list[ObjectNotice]:
    """The creations a message tells of; none for the test event and for anything else that may happen to objects.

    Raises Malformed: such a message ends in the dead-letter queue.
    """
    try:
        event: dict[str, Any] = json.loads(body)
        if event.get("Event") == "s3:TestEvent":
            return []
        records: list[dict[str, Any]] = event["Records"]
        return [_notice(record) for record in records if _is_creation(record)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed("The message is no notice of the bucket.") from error


def _is_creation(record: dict[str, Any]) -> bool:
    return record["eventSource"] == "aws:s3" and record["eventName"].startswith("ObjectCreated:")


def _notice(record: dict[str, Any]) -> ObjectNotice:
    created = record["s3"]["object"]
    object_key = unquote_plus(created["key"])
    if len(object_key.encode(errors="replace")) > _MAX_KEY_BYTES:
        raise ValueError("no object has a key of that length")
    return ObjectNotice(
        object_key=object_key,
        facts=ObjectFacts(
            size_bytes=int(created["size"]),
            etag=str(created["eTag"]).strip('"'),
            sequencer=None if created.get("sequencer") is None else str(created["sequencer"]),
        ),
        occurred_at=_moment(record.get("eventTime")),
    )


def _moment(told: object) -> datetime | None:
    """RFC 3339 as S3 writes it. It is kept for people to read: a date nobody understands is no reason to refuse."""
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""What a route answers, and the same as it goes over the wire."""

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from pydantic_core import to_json

from shared.idempotency.model import Answer
from shared.values import frozen

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@frozen
class Reply:
    """A status, and a frozen dataclass to be written as JSON; None writes no body."""

    status: int = 200
    body: "DataclassInstance | None" = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def written(reply: Reply) -> Answer:
    """Status, headers, and the body as JSON; without a body neither text nor a content type."""
    if reply.body is None:
        return Answer(status=reply.status, headers=reply.headers, body="")
    headers = {"content-type": "application/json", **reply.headers}
    return Answer(status=reply.status, headers=headers, body=to_json(reply.body).decode())

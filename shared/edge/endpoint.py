"""What a route is, without anything of HTTP's wire: a typed request in, a reply out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.errors import SecondBrainError
from shared.ids import UserId

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Body(BaseModel):
    """Base of every request body: unknown fields and wrong types are refused.

    Models are built at their first use: a process pays for the routes it serves, not for all of its function's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Query(BaseModel):
    """Base of every query string: unknown parameters are refused; values are read from text."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class NoBody(Body):
    """A request without a body, or with an empty object."""


class NoQuery(Query):
    """A request without a query string."""


BodyT = TypeVar("BodyT", bound=BaseModel)
QueryT = TypeVar("QueryT", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the gateway verified of a Firebase ID token. Values arrive as text and are parsed here, once."""

    firebase_uid: str
    email: str | None = None
    role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Request(Generic[BodyT, QueryT]):
    """One validated request. `path` holds the ids of the path, by their names in the route."""

    user_id: UserId
    claims: Claims
    path: Mapping[str, UUID]
    query: QueryT
    body: BodyT


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A status, and a frozen dataclass to be written as JSON; None writes no body."""

    status: int = 200
    body: "DataclassInstance | None" = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Replies = Mapping[int, "type[DataclassInstance] | UnionType | None"]
"""What a route answers when all is well, by status: the dataclass, `One | Other`, or None for no body."""

Errors = tuple[type[SecondBrainError], ...]
"""What a route's use case raises beyond what every route may: the document of the API names their statuses."""


@dataclass(frozen=True, kw_only=True)
class Endpoint(Generic[BodyT, QueryT]):
    """One route: `path` in API Gateway's notation, and the function that answers it.

    The first line of `handle`'s docstring is its summary in the document of the API.
    """

    method: str
    path: str
    handle: Callable[[Request[BodyT, QueryT]], Reply]
    body: type[BodyT]
    query: type[QueryT]
    replies: Replies
    errors: Errors = ()
    auth: Literal["user", "admin"] = "user"


@dataclass(frozen=True, kw_only=True)
class OpenEndpoint:
    """A route without a caller: health, price list."""

    method: str
    path: str
    handle: Callable[[], Reply]
    replies: Replies
    errors: Errors = ()
    auth: Literal["open"] = "open"


@dataclass(frozen=True, kw_only=True)
class RawRequest:
    """Bytes as they were sent, and headers by their lower-case names: what a signature is made over."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class WebhookEndpoint:
    """A route whose caller proves itself by a signature, which `handle` checks before it reads anything."""

    method: str
    path: str
    handle: Callable[[RawRequest], Reply]
    replies: Replies
    errors: Errors = ()
    auth: Literal["open"] = "open"


AnyEndpoint = Endpoint[Any, Any] | OpenEndpoint | WebhookEndpoint

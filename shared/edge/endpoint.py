"""What a route is, without anything of HTTP's wire: a typed request in, a reply out."""

from collections.abc import Callable, Mapping
from types import UnionType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from shared.edge.claims import Claims
from shared.edge.keyed import Keyed
from shared.edge.reply import Reply as Reply
from shared.errors import SecondBrainError
from shared.idempotency.keep import Keep, keep_nothing
from shared.ids import UserId
from shared.limits.model import RouteClass
from shared.values import frozen

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
ResultT = TypeVar("ResultT")


@frozen
class Request(Generic[BodyT, QueryT]):
    """One validated request. `path` holds the ids of the path, by their names in the route."""

    user_id: UserId
    claims: Claims
    path: Mapping[str, UUID]
    query: QueryT
    body: BodyT
    keyed: Keyed | None = None

    def id_of_key(self) -> UUID | None:
        """An id that is the same for each repeat of this request; None without an Idempotency-Key."""
        return None if self.keyed is None else uuid5(self.user_id, self.keyed.claim.key)

    def once(self, reply_to: Callable[[ResultT], Reply], change: Callable[[Keep[ResultT]], ResultT]) -> Reply:
        """The reply to what `change` returns.

        `change` is given what its use case calls in the transaction of the change, so that the repeat of a request with
        an Idempotency-Key finds both the change and its answer, or neither (docs/adr/0034).
        """
        keyed = self.keyed
        if keyed is None:
            return reply_to(change(keep_nothing))
        return reply_to(change(lambda tx, result: keyed.keep(tx, reply_to(result))))


Replies = Mapping[int, "type[DataclassInstance] | UnionType | None"]
"""What a route answers when all is well, by status: the dataclass, `One | Other`, or None for no body."""

Errors = tuple[type[SecondBrainError], ...]
"""What a route's use case raises beyond what every route may: the document of the API names their statuses."""


@frozen
class Endpoint(Generic[BodyT, QueryT]):
    """One route: `path` in API Gateway's notation, and the function that answers it.

    The first line of `handle`'s docstring is its summary in the document of the API. `rate_class` is by its method
    unless it is given. With `asks_first` it asks a vendor or searches before it opens a transaction, so none is begun
    for it beforehand. A repeat under the same Idempotency-Key gets the answer that was kept, or, where that would be
    stale or a copy of somebody's notes, is answered `anew`.

    With `checks_sign_in` Firebase is asked first whether the caller is still signed in: for what cannot be undone, or
    costs money. With `serves_the_leaving` it is answered also to whom every other route refuses because their account
    is being deleted, or was.
    """

    method: str
    path: str
    handle: Callable[[Request[BodyT, QueryT]], Reply]
    body: type[BodyT]
    query: type[QueryT]
    replies: Replies
    errors: Errors = ()
    auth: Literal["user", "admin"] = "user"
    rate_class: RouteClass | None = None
    asks_first: bool = False
    checks_sign_in: bool = False
    serves_the_leaving: bool = False
    repeats: Literal["kept", "anew"] = "kept"


@frozen
class OpenEndpoint:
    """A route without a caller: health, price list."""

    method: str
    path: str
    handle: Callable[[], Reply]
    replies: Replies
    errors: Errors = ()
    auth: Literal["open"] = "open"


@frozen
class RawRequest:
    """Bytes as they were sent, and headers by their lower-case names: what a signature is made over."""

    body: bytes
    headers: Mapping[str, str]


@frozen
class WebhookEndpoint:
    """A route whose caller proves itself by a signature, which `handle` checks before it reads anything."""

    method: str
    path: str
    handle: Callable[[RawRequest], Reply]
    replies: Replies
    errors: Errors = ()
    auth: Literal["open"] = "open"


AnyEndpoint = Endpoint[Any, Any] | OpenEndpoint | WebhookEndpoint

"""Which problems a route may answer: by what kind of route it is, and by what its use case is declared to raise."""

from shared.edge import problems
from shared.edge.endpoint import AnyEndpoint, Endpoint, OpenEndpoint, WebhookEndpoint
from shared.errors import (
    Busy,
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    SecondBrainError,
    TooLarge,
    Unauthenticated,
)

TOO_MANY = 429
"""No kind of error of ours alone: whoever calls too often is told so by the gateway as well."""
HEADERS_TOO_LARGE = 431
"""The gateway's alone: no such request reaches us."""

_OF_EVERY_CALLER = (Unauthenticated, Forbidden, Malformed, TooLarge, Invalid, Busy)
_OF_A_SIGNATURE = (Malformed, TooLarge, Invalid, Busy)


def error_statuses(endpoint: AnyEndpoint) -> set[int]:
    """Every status of a problem this route may answer, those of the gateway in front of it among them."""
    by_rule = {status_of(kind) for kind in _kinds(endpoint)} | {TOO_MANY, HEADERS_TOO_LARGE, status_of(Busy)}
    return by_rule - set(endpoint.replies)


def status_of(kind: type[SecondBrainError]) -> int:
    """As the edge answers it."""
    return problems.of_error(kind(""), "").status


def _kinds(endpoint: AnyEndpoint) -> set[type[SecondBrainError]]:
    named = set(endpoint.errors)
    match endpoint:
        case OpenEndpoint():
            return named | {Invalid}  # a query string, where none is taken
        case WebhookEndpoint():
            return named | set(_OF_A_SIGNATURE)
        case Endpoint():
            return named | set(_OF_EVERY_CALLER) | _of_its_path(endpoint)


def _of_its_path(endpoint: Endpoint[object, object]) -> set[type[SecondBrainError]]:  # pyright: ignore[reportInvalidTypeArguments] - any endpoint's
    found: set[type[SecondBrainError]] = set()
    if "{" in endpoint.path:
        found.add(NotFound)
    if endpoint.method == "POST":
        found.add(Conflict)  # the same Idempotency-Key is being served
    return found

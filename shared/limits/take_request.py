"""Takes one request out of a user's bucket."""

from math import ceil
from typing import Any

from shared.db.question import Question
from shared.errors import TooManyRequests
from shared.limits import repository
from shared.limits.model import Rate, RouteClass


def take_request(route_class: RouteClass, rate: Rate) -> Question[None]:
    """The question for the tenant of the transaction. Reading its answer raises TooManyRequests when it was refused."""
    return Question(statement=repository.taking(route_class, rate), read=_refuse_if_told_to_wait)


def _refuse_if_told_to_wait(row: Any) -> None:  # noqa: ANN401 - a row
    (wait_seconds,) = row
    if wait_seconds:
        raise TooManyRequests(
            "Too many requests in a short time. Wait as long as Retry-After says, then go on.",
            retry_after_seconds=ceil(wait_seconds),
        )

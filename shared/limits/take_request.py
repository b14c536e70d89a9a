"""Takes one request out of a user's bucket."""

from math import ceil

from shared.db.selection import Selection
from shared.errors import TooManyRequests
from shared.limits import repository
from shared.limits.model import Rate, RouteClass


def take_request(route_class: RouteClass, rate: Rate) -> Selection[None]:
    """To be selected for the tenant of the transaction. Its row raises TooManyRequests when it was refused."""
    return repository.taking(route_class, rate, _refuse_if_told_to_wait)


def _refuse_if_told_to_wait(*, wait_seconds: float) -> None:
    if wait_seconds:
        raise TooManyRequests(
            "Too many requests in a short time. Wait as long as Retry-After says, then go on.",
            retry_after_seconds=ceil(wait_seconds),
        )

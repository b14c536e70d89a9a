"""SQL of the buckets."""

from collections.abc import Callable

from shared.db.selection import RowT_co, Selection
from shared.limits.model import Rate, RouteClass


def taking(route_class: RouteClass, rate: Rate, row: Callable[..., RowT_co]) -> Selection[RowT_co]:
    """Takes a request out of the tenant's bucket: `wait_seconds` is 0, or in how many seconds there is one again."""
    return Selection(
        statement="SELECT take_request(%(route_class)s, %(capacity)s, %(per_second)s) AS wait_seconds",
        values={"route_class": route_class, "capacity": rate.capacity, "per_second": rate.per_second},
        row=row,
    )

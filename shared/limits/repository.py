"""SQL of the buckets."""

from psycopg import sql

from shared.limits.model import Rate, RouteClass


def taking(route_class: RouteClass, rate: Rate) -> sql.Composed:
    """The question that takes a request out of the tenant's bucket: 0, or in how many seconds there is one again."""
    return sql.SQL("SELECT take_request({}, {}, {})").format(route_class, rate.capacity, rate.per_second)

"""Rates of classes of routes, as values."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from shared.config.environment import SettingsError
from shared.values import frozen

RouteClass = Literal["read", "write", "search", "ask", "checkout", "account", "admin"]
"""Routes that cost about the same, and share a user's bucket."""

OFF = "off"

_RATE = re.compile(r"(?P<name>[a-z]+)=(?P<capacity>[0-9]{1,6})\+(?P<per_minute>[0-9]{1,6})/min")


@frozen
class Rate:
    """`capacity` requests at once, and `per_minute` in the long run, for each user."""

    capacity: int
    per_minute: int

    @property
    def per_second(self) -> float:
        """What the bucket gains in a second."""
        return self.per_minute / 60


DEFAULT_RATES: Mapping[RouteClass, Rate] = MappingProxyType(
    {
        "read": Rate(capacity=240, per_minute=1_200),
        "write": Rate(capacity=240, per_minute=600),
        "search": Rate(capacity=60, per_minute=120),
        "ask": Rate(capacity=10, per_minute=12),
        "checkout": Rate(capacity=10, per_minute=6),
        "account": Rate(capacity=10, per_minute=6),
        "admin": Rate(capacity=120, per_minute=300),
    }
)
"""A phone that was away for a day sends what it has at once: hence buckets that are large beside their rates."""


def read_rates(text: str) -> Mapping[RouteClass, Rate]:
    """The rates of a setting such as `ask=5+6/min,search=30+60/min`; classes it leaves out keep their default.

    `off` is no rate at all. Raises SettingsError.
    """
    if text == OFF:
        return {}
    rates = dict(DEFAULT_RATES)
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _RATE.fullmatch(part)
        name = found and next((known for known in get_args(RouteClass) if known == found["name"]), None)
        if found is None or name is None or 0 in (rate := _rate(found)):
            raise SettingsError(
                f"RATE_LIMITS must be `{OFF}`, or name rates such as `ask=5+6/min` (five at once, then six a minute), "
                f"of {', '.join(get_args(RouteClass))}."
            )
        rates[name] = Rate(capacity=rate[0], per_minute=rate[1])
    return rates


def _rate(found: re.Match[str]) -> tuple[int, int]:
    return int(found["capacity"]), int(found["per_minute"])

"""The gateway's throttles, and who may call it from a page."""

import pytest

from dev.gateway.cors import CorsSettings, cors_of
from dev.gateway.routing import GatewayRoute, routes_of
from dev.gateway.throttling import Throttles
from functions.catalogue import FUNCTIONS, Throttle


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_route_lets_its_burst_through_and_then_its_rate() -> None:
    clock = Clock()
    throttles = Throttles(clock=clock)
    one, other = (
        GatewayRoute(method="GET", path=path, function="f", throttle=Throttle(per_second=2, burst=3)) for path in "ab"
    )
    assert [throttles.lets_through(one) for _ in range(4)] == [True, True, True, False]
    assert throttles.lets_through(other)
    clock.seconds = 1
    assert [throttles.lets_through(one) for _ in range(3)] == [True, True, False]


def test_what_makes_others_work_is_let_through_seldom() -> None:
    throttle_of = {route.key: route.throttle for route in routes_of(FUNCTIONS)}
    often = throttle_of["GET /api/me"]
    assert often is not None
    for key in ("POST /api/ask", "POST /api/payments/checkout", "DELETE /api/me", "POST /api/me/export"):
        seldom = throttle_of[key]
        assert seldom is not None
        assert seldom.per_second < often.per_second / 10


def test_any_origin_never_sends_credentials() -> None:
    with pytest.raises(ValueError, match="name the origins"):
        CorsSettings(allow_origins=("*",), allow_credentials=True)
    assert cors_of({}).allow_origins == ("*",)
    assert not cors_of({}).allow_credentials
    assert cors_of({"CORS_ORIGINS": "https://a.example, https://b.example"}).allow_origins == (
        "https://a.example",
        "https://b.example",
    )

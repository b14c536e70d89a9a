"""Finds the route of a request, as API Gateway does: the most specific one wins."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from functions.catalogue import Auth, Function, Throttle

_STATIC, _VARIABLE, _GREEDY = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class GatewayRoute:
    """A method (or `ANY`) and a path such as `/api/sessions/{session_id}` that wakes `function`."""

    method: str
    path: str
    function: str
    auth: Auth = "user"
    throttle: Throttle | None = None

    @property
    def key(self) -> str:
        """The route key in the event: `GET /api/sessions/{session_id}`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, kw_only=True)
class RouteMatch:
    """The route of a request, and what its path variables hold, decoded."""

    route: GatewayRoute
    path_parameters: dict[str, str]


class Router:
    """The routes of one API."""

    def __init__(self, routes: Iterable[GatewayRoute]) -> None:
        self._routes = tuple((route, _segments(route.path)) for route in sorted(routes, key=_specificity))

    def match(self, method: str, raw_path: str) -> RouteMatch | None:
        """The most specific route for a method and a still percent-encoded path, or None."""
        segments = _segments(raw_path)
        for route, template in self._routes:
            if route.method not in (method, "ANY"):
                continue
            parameters = _matched(template, segments)
            if parameters is not None:
                return RouteMatch(route=route, path_parameters=parameters)
        return None


def routes_of(functions: Iterable[Function]) -> tuple[GatewayRoute, ...]:
    """Every route of the catalogue's functions."""
    return tuple(
        GatewayRoute(
            method=route.method, path=route.path, auth=route.auth, function=function.name, throttle=route.throttle
        )
        for function in functions
        for route in function.routes
    )


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.removeprefix("/").split("/"))


def _kind(segment: str) -> Literal[0, 1, 2]:
    if not (segment.startswith("{") and segment.endswith("}")):
        return _STATIC
    return _GREEDY if segment.endswith("+}") else _VARIABLE


def _specificity(route: GatewayRoute) -> tuple[tuple[int, ...], bool]:
    return tuple(_kind(segment) for segment in _segments(route.path)), route.method == "ANY"


def _matched(template: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    """Values of the template's variables, or None. No variable is ever empty."""
    parameters: dict[str, str] = {}
    for place, part in enumerate(template):
        kind = _kind(part)
        if kind == _GREEDY:
            rest = "/".join(segments[place:])
            return {**parameters, part[1:-2]: unquote(rest)} if rest else None
        if place >= len(segments) or not _fits(part, segments[place]):
            return None
        if kind == _VARIABLE:
            parameters[part[1:-1]] = unquote(segments[place])
    return parameters if len(template) == len(segments) else None


def _fits(part: str, segment: str) -> bool:
    return bool(segment) if _kind(part) == _VARIABLE else part == unquote(segment)

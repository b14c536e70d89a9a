"""CORS as an HTTP API does it: the gateway answers preflights itself and overrules the function's headers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from dev.gateway.answers import HttpAnswer
from dev.gateway.events import HttpRequest
from functions.catalogue.browsers import API_MAX_AGE_SECONDS, REQUEST_HEADERS, RESPONSE_HEADERS

_PREFIX = "access-control-"


@dataclass(frozen=True, kw_only=True)
class CorsSettings:
    """Which pages of which origins may call the API. `*` allows any origin, method or header."""

    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...] = ("*",)
    allow_headers: tuple[str, ...] = ("*",)
    expose_headers: tuple[str, ...] = ()
    max_age_seconds: int = API_MAX_AGE_SECONDS
    allow_credentials: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for any origin with credentials: every page could then act as its reader."""
        if self.allow_credentials and "*" in self.allow_origins:
            raise ValueError("CORS: name the origins that may send credentials; `*` with credentials is never allowed.")


def cors_of(environment: Mapping[str, str]) -> CorsSettings:
    """What CORS_ORIGINS allows: origins separated by commas. Without it pages of any origin may call, as no one."""
    origins = tuple(filter(None, (origin.strip() for origin in environment.get("CORS_ORIGINS", "").split(","))))
    return CorsSettings(
        allow_origins=origins or ("*",),
        allow_headers=REQUEST_HEADERS,
        expose_headers=RESPONSE_HEADERS,
    )


def is_preflight(request: HttpRequest) -> bool:
    """Whether a browser asks if it may send another request."""
    asks = request.header("access-control-request-method")
    return request.method == "OPTIONS" and asks is not None and request.header("origin") is not None


def preflight_answer(cors: CorsSettings, request: HttpRequest) -> HttpAnswer:
    """204; with what is allowed, if the origin is."""
    allowed = (
        ("access-control-allow-methods", ",".join(cors.allow_methods)),
        ("access-control-allow-headers", ",".join(cors.allow_headers)),
        ("access-control-max-age", str(cors.max_age_seconds)),
    )
    return HttpAnswer(status=HTTPStatus.NO_CONTENT, headers=allowed if _allowed_origin(cors, request) else ())


def with_cors(answer: HttpAnswer, cors: CorsSettings, request: HttpRequest) -> HttpAnswer:
    """`answer` with the API's own CORS headers in place of any the function sent."""
    kept = answer.headers
    if not is_preflight(request):
        kept = tuple(pair for pair in answer.headers if not pair[0].startswith(_PREFIX))
    return replace(answer, headers=(*kept, *_origin_headers(cors, request)))


def _origin_headers(cors: CorsSettings, request: HttpRequest) -> list[tuple[str, str]]:
    origin = _allowed_origin(cors, request)
    if origin is None:
        return []
    headers = [("access-control-allow-origin", origin), ("vary", "origin")]
    if cors.expose_headers:
        headers.append(("access-control-expose-headers", ",".join(cors.expose_headers)))
    if cors.allow_credentials:
        headers.append(("access-control-allow-credentials", "true"))
    return headers


def _allowed_origin(cors: CorsSettings, request: HttpRequest) -> str | None:
    origin = request.header("origin")
    if origin is None:
        return None
    if "*" in cors.allow_origins:
        return "*"
    return origin if origin in cors.allow_origins else None

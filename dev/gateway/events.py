"""Builds the event a function gets: API Gateway's HTTP API payload format 2.0."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import parse_qsl, unquote

from dev.gateway.routing import RouteMatch
from dev.lambda_runtime.invocation import ACCOUNT_ID

_API_ID = "local"
_TEXT_TYPES = frozenset({"application/json", "application/javascript", "application/xml"})


@dataclass(frozen=True, kw_only=True)
class HttpRequest:
    """A request as it came in. Header names are lower-case; `raw_path` and `raw_query` still encoded."""

    method: str
    raw_path: str
    raw_query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"
    scheme: str = "http"
    port: int = 80

    def header(self, name: str) -> str | None:
        """All values of a header, joined by commas; None if there is none."""
        values = [value for key, value in self.headers if key == name]
        return ",".join(values) if values else None


def build_event(
    request: HttpRequest,
    match: RouteMatch,
    *,
    request_id: str,
    trace_root: str,
    claims: Mapping[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    """The event of `request`. Keys that API Gateway leaves out when empty are left out here too."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.route.key,
        "rawPath": unquote(request.raw_path),
        "rawQueryString": request.raw_query,
        "headers": _event_headers(request, trace_root),
        "requestContext": _request_context(request, match, request_id=request_id, claims=claims, now=now),
        "isBase64Encoded": False,
    }
    cookies = _cookies(request)
    if cookies:
        event["cookies"] = cookies
    if request.raw_query:
        pairs = parse_qsl(request.raw_query, keep_blank_values=True, errors="replace")
        event["queryStringParameters"] = _joined(pairs)
    if match.path_parameters:
        event["pathParameters"] = match.path_parameters
    return event | _body_fields(request)


def claim_text(value: object) -> str:
    """A claim as the event holds it: API Gateway prints it as Go does, `[a b]`, `map[key:value]`, `true`."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "<nil>"
        case list():
            return f"[{' '.join(claim_text(item) for item in cast('list[Any]', value))}]"
        case dict():
            fields = sorted(cast("dict[str, Any]", value).items())
            return f"map[{' '.join(f'{key}:{claim_text(item)}' for key, item in fields)}]"
        case _:
            return str(value)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for key, value in pairs:
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    return joined


def _event_headers(request: HttpRequest, trace_root: str) -> dict[str, str]:
    headers = _joined(pair for pair in request.headers if pair[0] != "cookie")
    earlier = headers.get("x-forwarded-for")
    return headers | {
        "x-amzn-trace-id": trace_root,
        "x-forwarded-for": f"{earlier}, {request.source_ip}" if earlier else request.source_ip,
        "x-forwarded-port": str(request.port),
        "x-forwarded-proto": request.scheme,
    }


def _cookies(request: HttpRequest) -> list[str]:
    values = [value for key, value in request.headers if key == "cookie"]
    parts = [part.strip() for value in values for part in value.split(";")]
    return [part for part in parts if part]


def _request_context(
    request: HttpRequest,
    match: RouteMatch,
    *,
    request_id: str,
    claims: Mapping[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    domain = request.header("host") or ""
    context: dict[str, Any] = {
        "accountId": ACCOUNT_ID,
        "apiId": _API_ID,
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "http": {
            "method": request.method,
            "path": unquote(request.raw_path),
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent") or "",
        },
        "requestId": request_id,
        "routeKey": match.route.key,
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1_000),
    }
    if claims is not None:
        texts = {name: claim_text(value) for name, value in claims.items()}
        context["authorizer"] = {"jwt": {"claims": texts, "scopes": None}}
    return context


def _body_fields(request: HttpRequest) -> dict[str, Any]:
    if not request.body:
        return {}
    if _is_text(request):
        return {"body": request.body.decode(errors="replace")}
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def _is_text(request: HttpRequest) -> bool:
    """Only these few types pass as text: a form, or a body without a type, comes in base64."""
    content_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    is_plain = request.header("content-encoding") in (None, "identity")
    return is_plain and (content_type.startswith("text/") or content_type in _TEXT_TYPES)

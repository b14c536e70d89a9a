"""The HTTP edge: API Gateway's payload format 2.0 in, our replies and problems out.

The gateway has matched the route already and names it in `routeKey`, so finding the endpoint is a look-up; Powertools'
resolver would match it a second time, and cost Init for it (docs/adr/0010-endpoints-looked-up-by-route-key.md).
"""

import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

from shared import metrics, telemetry
from shared.db.connection import Database
from shared.edge import problems
from shared.edge.endpoint import AnyEndpoint, Endpoint, OpenEndpoint, RawRequest, WebhookEndpoint
from shared.edge.reply import written
from shared.edge.request import headers_of, raw_body, refuse_query
from shared.edge.rules import Rules
from shared.edge.serve_caller import serve_caller
from shared.errors import NotFound, SecondBrainError
from shared.idempotency.model import Answer
from shared.identity.accounts import Accounts
from shared.ids import new_id
from shared.telemetry import log

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
_ServeCaller = Callable[[Endpoint[Any, Any], dict[str, Any]], Answer]

# What a JSON API owes its callers: https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html
SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:=-]{1,128}")
_NO_RULES = Rules()


def http_handler(
    endpoints: Sequence[AnyEndpoint], db: Database, rules: Rules = _NO_RULES, accounts: Accounts | None = None
) -> Handler:
    """A Lambda handler that answers these endpoints and nothing else.

    `accounts` says who is still signed in. Raises ValueError when an endpoint wants that asked, and there is none.
    """
    if accounts is None and any(isinstance(one, Endpoint) and one.checks_sign_in for one in endpoints):
        raise ValueError("an endpoint checks the sign-in of its callers: give `accounts`")
    return _handler(endpoints, lambda endpoint, event: serve_caller(endpoint, event, db, rules, accounts))


def open_handler(endpoints: Sequence[OpenEndpoint]) -> Handler:
    """The same for a function whose endpoints are all open: it needs no database."""
    return _handler(endpoints, _refuse_caller)


def _handler(endpoints: Sequence[AnyEndpoint], serve: _ServeCaller) -> Handler:
    telemetry.keep_secrets()
    by_route = {f"{endpoint.method} {endpoint.path}": endpoint for endpoint in endpoints}

    def answer(event: dict[str, Any], _context: object) -> dict[str, Any]:
        started = time.perf_counter()
        request_id = _request_id(event)
        telemetry.correlate(request_id)
        route = str(event.get("routeKey"))
        with metrics.gathered(route=route, correlation_id=request_id):
            response = _guarded(lambda: _served(by_route.get(route), event, serve), request_id)
            response["headers"] |= {**SECURITY_HEADERS, "x-request-id": request_id}
            duration_ms = round((time.perf_counter() - started) * 1_000, 1)
            status: int = response["statusCode"]
            metrics.milliseconds("request_ms", duration_ms, function=log.service, status=f"{status // 100}xx")
        log.info("answered", extra={"route": route, "status": status, "duration_ms": duration_ms})
        return response

    return answer


def _guarded(work: Callable[[], Answer], request_id: str) -> dict[str, Any]:
    """Every failure as a problem; the only place of the HTTP road that catches everything."""
    try:
        answer = work()
    except SecondBrainError as error:
        log.info("refused", extra={"code": error.exact_code})
        return _problem(problems.of_error(error, request_id))
    except ValidationError as error:
        return _problem(problems.of_validation(error, request_id))
    except Exception:  # noqa: BLE001 - the edge: a defect must not show its insides to the caller
        log.exception("defect")
        return _problem(problems.of_unexpected(request_id))
    return _response(answer.status, dict(answer.headers), answer.body)


def _refuse_caller(_endpoint: Endpoint[Any, Any], _event: dict[str, Any]) -> Answer:
    raise NotFound


def _served(endpoint: AnyEndpoint | None, event: dict[str, Any], serve: _ServeCaller) -> Answer:
    if endpoint is None:
        raise NotFound
    if isinstance(endpoint, OpenEndpoint):
        refuse_query(event)
        return written(endpoint.handle())
    if isinstance(endpoint, WebhookEndpoint):
        refuse_query(event)
        return written(endpoint.handle(RawRequest(body=raw_body(event), headers=headers_of(event))))
    return serve(endpoint, event)


def _request_id(event: dict[str, Any]) -> str:
    """The phone's own X-Request-ID if it is a sane one, else the gateway's."""
    headers: dict[str, str] = event.get("headers") or {}
    offered = headers.get("x-request-id", "")
    if _REQUEST_ID.fullmatch(offered):
        return offered
    context: dict[str, Any] = event.get("requestContext") or {}
    return context.get("requestId") or str(new_id())


def _problem(problem: problems.Problem) -> dict[str, Any]:
    return _response(problem.status, problem.headers, problem.body)


def _response(status: int, headers: dict[str, str], body: str) -> dict[str, Any]:
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}

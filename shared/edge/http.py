"""The HTTP edge: API Gateway's payload format 2.0 in, our replies and problems out.

The gateway has matched the route already and names it in `routeKey`, so finding the endpoint is a look-up; Powertools'
resolver would match it a second time, and cost Init for it (docs/adr/0010-endpoints-looked-up-by-route-key.md).
"""

import random
import re
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import to_json

from shared import metrics, telemetry
from shared.account.recognise_user import recognise_user
from shared.db.connection import Database
from shared.edge import problems
from shared.edge.endpoint import (
    AnyEndpoint,
    Claims,
    Endpoint,
    OpenEndpoint,
    RawRequest,
    Reply,
    Request,
    WebhookEndpoint,
)
from shared.edge.json_body import body_bytes, check_json, check_text
from shared.errors import Busy, Forbidden, NotFound, SecondBrainError, Unauthenticated
from shared.ids import new_id
from shared.telemetry import log

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

ADMIN = "admin"
"""The custom claim `role` of an administrator's token."""

_BUSY_TRIES = 3
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:=-]{1,128}")
_MAX_SUBJECT = 128  # Firebase's own limit of a uid


def http_handler(endpoints: Sequence[AnyEndpoint], db: Database) -> Handler:
    """A Lambda handler that answers these endpoints and nothing else."""
    telemetry.keep_secrets()
    by_route = {f"{endpoint.method} {endpoint.path}": endpoint for endpoint in endpoints}

    def answer(event: dict[str, Any], _context: object) -> dict[str, Any]:
        started = time.perf_counter()
        request_id = _request_id(event)
        telemetry.correlate(request_id)
        route = str(event.get("routeKey"))
        with metrics.gathered(route=route, correlation_id=request_id):
            response = _guarded(lambda: _reply(by_route.get(route), event, db), request_id)
            response["headers"] |= {**_HEADERS, "x-request-id": request_id}
            duration_ms = round((time.perf_counter() - started) * 1_000, 1)
            status: int = response["statusCode"]
            metrics.milliseconds("request_ms", duration_ms, function=log.service, status=f"{status // 100}xx")
        log.info("answered", extra={"route": route, "status": status, "duration_ms": duration_ms})
        return response

    return answer


def _guarded(work: Callable[[], Reply], request_id: str) -> dict[str, Any]:
    """Every failure as a problem; the only place of the HTTP road that catches everything."""
    try:
        reply = _with_patience(work)
    except SecondBrainError as error:
        log.info("refused", extra={"code": error.exact_code})
        return _problem(problems.of_error(error, request_id))
    except ValidationError as error:
        return _problem(problems.of_validation(error, request_id))
    except Exception:  # noqa: BLE001 - the edge: a defect must not show its insides to the caller
        log.exception("defect")
        return _problem(problems.of_unexpected(request_id))
    if reply.body is None:
        return _response(reply.status, dict(reply.headers), "")
    headers = {"content-type": "application/json", **reply.headers}
    return _response(reply.status, headers, to_json(reply.body).decode())


def _with_patience(work: Callable[[], Reply]) -> Reply:
    """Try again when another change was in the way: the transaction was rolled back, so nothing happens twice."""
    for attempt in range(1, _BUSY_TRIES):
        try:
            return work()
        except Busy as error:
            if not error.is_momentary:
                raise
            time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - jitter, not a secret
    return work()


def _reply(endpoint: AnyEndpoint | None, event: dict[str, Any], db: Database) -> Reply:
    if endpoint is None:
        raise NotFound
    if isinstance(endpoint, OpenEndpoint):
        return endpoint.handle()
    if isinstance(endpoint, WebhookEndpoint):
        return endpoint.handle(RawRequest(body=_raw_body(event), headers=_headers(event)))
    claims = _claims(event)
    if endpoint.auth == ADMIN and claims.role != ADMIN:
        raise Forbidden("This is for administrators.", code="admin_only")
    path: dict[str, str] = event.get("pathParameters") or {}
    user = recognise_user(db, firebase_uid=claims.firebase_uid, email=claims.email)
    request = Request[Any, Any](
        user_id=user.id,
        claims=claims,
        path={name: _path_id(value) for name, value in path.items()},
        query=_query(endpoint, event),
        body=_body(endpoint, event),
    )
    return endpoint.handle(request)


def _claims(event: dict[str, Any]) -> Claims:
    """The verified claims. A route that reached us without the authorizer is refused, whatever it carries."""
    raw: Any = event
    for part in ("requestContext", "authorizer", "jwt", "claims"):
        raw = raw.get(part) or {}
    texts = {name: raw[name] for name in ("sub", "email", "role") if isinstance(raw.get(name), str)}
    subject = texts.get("sub", "")
    if not 0 < len(subject) <= _MAX_SUBJECT:
        raise Unauthenticated("Send a Firebase ID token: Authorization: Bearer <token>.")
    return Claims(firebase_uid=subject, email=texts.get("email"), role=texts.get("role"))


def _path_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _query(endpoint: Endpoint[Any, Any], event: dict[str, Any]) -> Any:  # noqa: ANN401 - the endpoint's own model
    parameters: dict[str, str] = event.get("queryStringParameters") or {}
    for name, text in parameters.items():
        check_text(name)
        check_text(text)
    return endpoint.query.model_validate(parameters)


def _body(endpoint: Endpoint[Any, Any], event: dict[str, Any]) -> Any:  # noqa: ANN401 - the endpoint's own model
    raw = _raw_body(event)
    if not raw.strip():
        raw = b"{}"
    check_json(raw)
    return endpoint.body.model_validate_json(raw)


def _headers(event: dict[str, Any]) -> dict[str, str]:
    headers: dict[str, str] = event.get("headers") or {}
    return {name.lower(): value for name, value in headers.items()}


def _raw_body(event: dict[str, Any]) -> bytes:
    return body_bytes(event.get("body"), is_base64=bool(event.get("isBase64Encoded")))


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

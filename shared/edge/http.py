"""The HTTP edge: API Gateway's payload format 2.0 in, our replies and problems out."""

import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from pydantic import ValidationError

from shared import telemetry
from shared.account.recognise_user import recognise_user
from shared.db.connection import Database
from shared.edge import problems
from shared.edge.endpoint import AnyEndpoint, Claims, Endpoint, OpenEndpoint, Reply, Request
from shared.edge.json_body import body_bytes, check_json, check_text
from shared.errors import Busy, NotFound, SecondBrainError, Unauthenticated
from shared.ids import new_id
from shared.telemetry import log

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

_BUSY_TRIES = 3
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:=-]{1,128}")
_MAX_SUBJECT = 128  # Firebase's own limit of a uid


class LambdaContext(Protocol):
    """The part of Lambda's context object we read."""

    aws_request_id: str


def http_handler(endpoints: Sequence[AnyEndpoint], db: Database) -> Handler:
    """A Lambda handler that answers these endpoints and nothing else."""
    app = APIGatewayHttpResolver()
    for endpoint in endpoints:
        rule = endpoint.path.replace("{", "<").replace("}", ">")
        app.route(rule, method=endpoint.method)(_answerer(app, endpoint, db))

    def unknown_route(_: Exception) -> Response[str]:
        return _problem(problems.of_error(NotFound(), _request_id(app.current_event.raw_event)))

    app.exception_handler(NotFoundError)(unknown_route)
    return app.resolve


def _answerer(app: APIGatewayHttpResolver, endpoint: AnyEndpoint, db: Database) -> Callable[..., Response[str]]:
    def answer(**path: str) -> Response[str]:
        event: dict[str, Any] = app.current_event.raw_event
        request_id = _request_id(event)
        telemetry.correlate(request_id)
        started = time.perf_counter()
        response = _guarded(lambda: _reply(endpoint, event, path, db), request_id)
        response.headers |= {**_HEADERS, "x-request-id": request_id}
        log.info(
            "answered",
            extra={
                "route": f"{endpoint.method} {endpoint.path}",
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
            },
        )
        return response

    return answer


def _guarded(work: Callable[[], Reply], request_id: str) -> Response[str]:
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
    body = None if reply.body is None else reply.body.model_dump_json()
    return Response(reply.status, "application/json", body, headers=dict(reply.headers))


def _with_patience(work: Callable[[], Reply]) -> Reply:
    """Try again when another change was in the way: the transaction was rolled back, so nothing happens twice."""
    for attempt in range(1, _BUSY_TRIES):
        try:
            return work()
        except Busy as error:
            if error.exact_code != Busy.code:
                raise
            time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - jitter, not a secret
    return work()


def _reply(endpoint: AnyEndpoint, event: dict[str, Any], path: Mapping[str, str], db: Database) -> Reply:
    if isinstance(endpoint, OpenEndpoint):
        return endpoint.handle()
    claims = _claims(event)
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
    raw: dict[str, Any] = event.get("requestContext", {}).get("authorizer", {}).get("jwt", {}).get("claims") or {}
    subject: Any = raw.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _MAX_SUBJECT:
        raise Unauthenticated("Send a Firebase ID token: Authorization: Bearer <token>.")
    return Claims(firebase_uid=subject, email=raw.get("email"), role=raw.get("role"))


def _path_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _query(endpoint: Endpoint[Any, Any], event: dict[str, Any]) -> Any:  # noqa: ANN401 - the endpoint's own model
    parameters: dict[str, str] = event.get("queryStringParameters") or {}
    for text in parameters.values():
        check_text(text)
    return endpoint.query.model_validate(parameters)


def _body(endpoint: Endpoint[Any, Any], event: dict[str, Any]) -> Any:  # noqa: ANN401 - the endpoint's own model
    raw = body_bytes(event.get("body"), is_base64=bool(event.get("isBase64Encoded")))
    if not raw.strip():
        raw = b"{}"
    check_json(raw)
    return endpoint.body.model_validate_json(raw)


def _request_id(event: dict[str, Any]) -> str:
    """The phone's own X-Request-ID if it is a sane one, else the gateway's."""
    offered = event.get("headers", {}).get("x-request-id", "")
    if _REQUEST_ID.fullmatch(offered):
        return offered
    return event.get("requestContext", {}).get("requestId") or str(new_id())


def _problem(problem: problems.Problem) -> Response[str]:
    return Response(problem.status, problems.CONTENT_TYPE, problem.body, headers=problem.headers)

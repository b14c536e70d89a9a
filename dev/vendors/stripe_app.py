"""The local Stripe as an ASGI app: the API under /v1, and the pages a person sees."""

import asyncio
import json

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dev.vendors.stripe_api import ApiAnswer, ApiRequest, answer, keep
from dev.vendors.stripe_checkout_page import after_payment_routes, checkout_routes
from dev.vendors.stripe_controls import control_routes
from dev.vendors.stripe_dashboard_page import dashboard_routes
from dev.vendors.stripe_local import LocalStripe, LoggedRequest
from dev.vendors.stripe_outage import Fault

_METHODS = ["GET", "POST", "DELETE"]
_FAILURES = {"server_error": (500, "api_error"), "rate_limit": (429, "invalid_request_error")}


class _Cut(Response):
    """No answer at all: the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the base's names
        # ASGI has no word for it, so this knows that `receive` is a method of uvicorn's request, which has the socket.
        # An answer cut short would not do: the SDK tries again only when nothing came.
        getattr(receive, "__self__").transport.close()  # noqa: B009 - pyright knows no such attribute
        while (await receive())["type"] != "http.disconnect":
            pass


def create_app(local: LocalStripe) -> Starlette:
    """The server in front of `local`, which must be told where it listens (`listens_at`)."""

    async def api(request: Request) -> Response:
        asked = await _asked(request)
        fault = local.outage.take()
        response = _response(answer(local, asked)) if fault is None else await _failed(local, asked, fault)
        local.requests.append(
            LoggedRequest(
                method=asked.method,
                path=asked.path,
                idempotency_key=asked.idempotency_key,
                status=0 if isinstance(response, _Cut) else response.status_code,
            )
        )
        return response

    return Starlette(
        routes=[
            Route("/v1/{path:path}", api, methods=_METHODS),
            *checkout_routes(local),
            *after_payment_routes(),
            *dashboard_routes(local),
            *control_routes(local),
        ]
    )


async def _asked(request: Request) -> ApiRequest:
    body = await request.body()
    return ApiRequest(
        method=request.method,
        path=request.url.path,
        headers=dict(request.headers),
        form=request.url.query if request.method == "GET" else body.decode("utf-8", "replace"),
    )


def _response(answered: ApiAnswer) -> Response:
    return Response(
        answered.body, status_code=answered.status, headers=dict(answered.headers), media_type="application/json"
    )


async def _failed(local: LocalStripe, asked: ApiRequest, fault: Fault) -> Response:
    if fault.is_carried_out:
        answer(local, asked)
    if fault.kind == "hang":
        await asyncio.sleep(fault.hang_seconds)
    if fault.kind in {"hang", "cut"}:
        return _Cut()
    failure = _failure(fault)
    if fault.is_kept:
        keep(local, asked, failure)
    return _response(failure)


def _failure(fault: Fault) -> ApiAnswer:
    status, kind = _FAILURES[fault.kind]
    body = {"error": {"type": kind, "message": "The local Stripe was told to fail."}}
    headers = {} if fault.retry_after_seconds is None else {"Retry-After": str(fault.retry_after_seconds)}
    return ApiAnswer(status=status, body=json.dumps(body), headers=headers)

"""The two endpoints Firebase's SDK speaks to for pushes: Google's for access tokens, and FCM's for messages."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.fcm_local import FcmRefusal, LocalFcm
from dev.vendors.google_tokens import GoogleTokens

SEND_PATH = "/v1/projects/{project}/messages:send"


def create_app(local: LocalFcm, account: ServiceAccount) -> Starlette:
    """An FCM that knows one service account and one project."""
    tokens = GoogleTokens(account)

    async def send(request: Request) -> Response:
        try:
            _admit(request, account, tokens)
            name = local.accept(_message(await request.body()))
        except FcmRefusal as refusal:
            return JSONResponse(refusal.body(), status_code=refusal.status)
        return JSONResponse({"name": f"projects/{account.project}/messages/{name}"})

    return Starlette(routes=[tokens.route(), Route(SEND_PATH, send, methods=["POST"])])


def _admit(request: Request, account: ServiceAccount, tokens: GoogleTokens) -> None:
    if not tokens.is_granted(request):
        raise FcmRefusal(
            status=401, google_status="UNAUTHENTICATED", error_code="UNAUTHENTICATED", message="Invalid credentials."
        )
    if request.path_params["project"] != account.project:
        raise FcmRefusal(
            status=403, google_status="PERMISSION_DENIED", error_code="PERMISSION_DENIED", message="Permission denied."
        )


def _message(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)["message"]
    except (ValueError, LookupError, TypeError):
        message = None
    if not isinstance(message, dict):
        raise FcmRefusal(
            status=400, google_status="INVALID_ARGUMENT", error_code="INVALID_ARGUMENT", message="No message."
        )
    return message

"""The two endpoints Firebase's SDK speaks to: Google's for access tokens, and FCM's for messages."""

import json
import secrets
from typing import Any

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.fcm_local import FcmRefusal, LocalFcm

TOKEN_PATH = "/token"  # noqa: S105 - a path
SEND_PATH = "/v1/projects/{project}/messages:send"
_AUDIENCE = "https://oauth2.googleapis.com/token"
"""What google-auth writes into an assertion, wherever it is sent."""

_LIFETIME_SECONDS = 3_600


def create_app(local: LocalFcm, account: ServiceAccount) -> Starlette:
    """An FCM that knows one service account and one project."""
    granted: set[str] = set()

    async def token(request: Request) -> Response:
        async with request.form() as form:
            if not _is_signed(account, str(form.get("assertion", ""))):
                return JSONResponse({"error": "invalid_grant", "error_description": "Invalid JWT"}, status_code=400)
        granted.add(access_token := secrets.token_urlsafe())
        return JSONResponse({"access_token": access_token, "expires_in": _LIFETIME_SECONDS, "token_type": "Bearer"})

    async def send(request: Request) -> Response:
        try:
            _admit(request, account, granted)
            name = local.accept(_message(await request.body()))
        except FcmRefusal as refusal:
            return JSONResponse(refusal.body(), status_code=refusal.status)
        return JSONResponse({"name": f"projects/{account.project}/messages/{name}"})

    return Starlette(routes=[Route(TOKEN_PATH, token, methods=["POST"]), Route(SEND_PATH, send, methods=["POST"])])


def _is_signed(account: ServiceAccount, assertion: str) -> bool:
    try:
        jwt.decode(assertion, account.public_pem(), algorithms=["RS256"], audience=_AUDIENCE, issuer=account.email)
    except jwt.InvalidTokenError:
        return False
    return True


def _admit(request: Request, account: ServiceAccount, granted: set[str]) -> None:
    scheme, _, access_token = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or access_token not in granted:
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

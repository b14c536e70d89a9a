"""Google's endpoint for access tokens, as the SDKs use it: an assertion signed by a service account, for a token."""

import secrets

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dev.vendors.fcm_account import ServiceAccount

TOKEN_PATH = "/token"  # noqa: S105 - a path
_AUDIENCE = "https://oauth2.googleapis.com/token"
"""What google-auth writes into an assertion, wherever it is sent."""

_LIFETIME_SECONDS = 3_600


class GoogleTokens:
    """Access tokens of one service account."""

    def __init__(self, account: ServiceAccount) -> None:
        self._account = account
        self._granted: set[str] = set()

    def route(self) -> Route:
        """`POST /token`."""
        return Route(TOKEN_PATH, self._token, methods=["POST"])

    def is_granted(self, request: Request) -> bool:
        """Whether the request carries one of them."""
        scheme, _, access_token = request.headers.get("authorization", "").partition(" ")
        return scheme == "Bearer" and access_token in self._granted

    async def _token(self, request: Request) -> Response:
        async with request.form() as form:
            if not self._is_signed(str(form.get("assertion", ""))):
                return JSONResponse({"error": "invalid_grant", "error_description": "Invalid JWT"}, status_code=400)
        self._granted.add(access_token := secrets.token_urlsafe())
        return JSONResponse({"access_token": access_token, "expires_in": _LIFETIME_SECONDS, "token_type": "Bearer"})

    def _is_signed(self, assertion: str) -> bool:
        account = self._account
        try:
            jwt.decode(assertion, account.public_pem(), algorithms=["RS256"], audience=_AUDIENCE, issuer=account.email)
        except jwt.InvalidTokenError:
            return False
        return True

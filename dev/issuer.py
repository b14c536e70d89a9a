"""Our own token issuer, shaped like Firebase Authentication, for the local stack only.

Its tokens are signed with RS256 by a key kept as a PEM in the data folder, so that tokens outlive a restart.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dev.key_file import open_key
from dev.vendors.identity_local import LocalPeople

TOKEN_PATH = "/dev/token"  # noqa: S105 - a path
SIGN_IN_PATH = "/dev/sign-in"
REFRESH_PATH = "/dev/refresh"
JWKS_PATH = "/dev/jwks.json"
_KEY_FILE = "issuer-key.pem"
_LIFETIME_SECONDS = 3_600
_SIMPLE_UID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NUMBERS = frozenset({"iat", "exp", "nbf", "auth_time"})
_TRUTH = {"true": True, "false": False}


class RefreshRefused(Exception):
    """The refresh token is none of ours, or its sign-in was ended, or its account is gone or disabled."""


Appoint = Callable[[str, str | None], None]
"""Told a uid and an address."""

ADMIN = "admin"
"""The claim `role` of an administrator's token."""


class Issuer:
    """Mints ID tokens for one Firebase project id and publishes the key to check them with.

    It mints for whoever is asked for; a refresh token is good as long as `people` say so. `appoint` is told of whom a
    token says that they are an administrator, for the token alone makes nobody one.
    """

    def __init__(
        self,
        *,
        project: str,
        key: rsa.RSAPrivateKey,
        people: LocalPeople | None = None,
        appoint: Appoint = lambda _uid, _email: None,
    ) -> None:
        self.project = project
        self._appoint = appoint
        self.people = people or LocalPeople()
        self.url = f"https://securetoken.google.com/{project}"
        """The `iss` claim; the audience is the project id."""
        self._key = key
        self._key_id = _fingerprint(key)

    def token(
        self, uid: str, *, claims: Mapping[str, Any] | None = None, expires_in_seconds: int = _LIFETIME_SECONDS
    ) -> str:
        """A signed ID token for `uid`. `claims` are added, or overrule what would stand there; None leaves one out.

        A negative `expires_in_seconds` gives a token that expired that long ago.
        """
        payload = {**self._payload(uid, expires_in_seconds), **(claims or {})}
        payload["firebase"] = _firebase_claim(payload)
        if payload.get("role") == ADMIN:
            self._appoint(uid, payload.get("email"))
        return self._signed({name: value for name, value in payload.items() if value is not None})

    def refresh_token(self, uid: str, *, auth_time: int | None = None) -> str:
        """What a phone keeps of its sign-in; no ID token, for it names no issuer and never ends by itself."""
        return self._signed({"uid": uid, "auth_time": int(time.time()) if auth_time is None else auth_time})

    def refreshed(self, refresh_token: str) -> str:
        """A new ID token of the same sign-in. Raises RefreshRefused."""
        try:
            kept = json.loads(jwt.PyJWS().decode(refresh_token, self._key.public_key(), algorithms=["RS256"]))
            uid, auth_time = str(kept["uid"]), int(kept["auth_time"])
        except (jwt.InvalidTokenError, LookupError, ValueError) as error:
            raise RefreshRefused("INVALID_REFRESH_TOKEN") from error
        if not self.people.may_refresh(uid, datetime.fromtimestamp(auth_time, UTC)):
            raise RefreshRefused("TOKEN_EXPIRED")
        return self.token(uid, claims={"auth_time": auth_time})

    def jwks(self) -> dict[str, Any]:
        """The public key as a JWKS document."""
        public = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self._key_id, "alg": "RS256", "use": "sig"}]}

    def _signed(self, payload: Mapping[str, Any]) -> str:
        # Not jwt.encode: it refuses to sign what tests need to see refused, such as a `sub` that is no string.
        body = json.dumps(payload, separators=(",", ":")).encode()
        return jwt.PyJWS().encode(body, self._key, algorithm="RS256", headers={"kid": self._key_id, "typ": "JWT"})

    def _payload(self, uid: str, expires_in_seconds: int) -> dict[str, Any]:
        now = int(time.time())
        # An expired token was issued before it expired.
        issued = now if expires_in_seconds > 0 else now + expires_in_seconds - _LIFETIME_SECONDS
        is_simple = _SIMPLE_UID.fullmatch(uid) is not None
        return {
            "iss": self.url,
            "aud": self.project,
            "auth_time": issued,
            "user_id": uid,
            "sub": uid,
            "iat": issued,
            "exp": now + expires_in_seconds,
            "email": f"{uid}@example.com" if is_simple else None,
            "email_verified": is_simple,
        }


def open_issuer(
    data_dir: Path, *, project: str, people: LocalPeople | None = None, appoint: Appoint = lambda _uid, _email: None
) -> Issuer:
    """The issuer whose key lies in `data_dir` (mode 0600); folder and key are made if missing."""
    return Issuer(project=project, key=open_key(data_dir / _KEY_FILE), people=people, appoint=appoint)


def issuer_routes(issuer: Issuer) -> list[Route]:
    """`GET /dev/token?uid=alice[&email=&role=&expires_in=...]` (text) and `GET /dev/jwks.json`.

    `GET /dev/sign-in?uid=alice` gives a refresh token beside it, and `POST /dev/refresh` a new ID token for that one.
    """

    async def token(request: Request) -> Response:
        return _token_response(issuer, dict(request.query_params))

    async def sign_in(request: Request) -> Response:
        uid = request.query_params.get("uid", "alice")
        return JSONResponse({"id_token": issuer.token(uid), "refresh_token": issuer.refresh_token(uid)})

    async def refresh(request: Request) -> Response:
        async with request.form() as form:
            try:
                return JSONResponse({"id_token": issuer.refreshed(str(form.get("refresh_token", "")))})
            except RefreshRefused as refused:
                return JSONResponse({"error": {"code": 400, "message": str(refused)}}, status_code=400)

    async def jwks(_request: Request) -> Response:
        return JSONResponse(issuer.jwks())

    return [
        Route(TOKEN_PATH, token),
        Route(SIGN_IN_PATH, sign_in),
        Route(REFRESH_PATH, refresh, methods=["POST"]),
        Route(JWKS_PATH, jwks),
    ]


def _token_response(issuer: Issuer, parameters: dict[str, str]) -> Response:
    uid = parameters.pop("uid", "")
    if not uid:
        return PlainTextResponse("Say whose token: /dev/token?uid=alice\n", status_code=400)
    try:
        expires_in = int(parameters.pop("expires_in", str(_LIFETIME_SECONDS)))
        claims = {name: _claim_value(name, text) for name, text in parameters.items()}
    except ValueError:
        return PlainTextResponse("expires_in, iat, exp, nbf and auth_time are whole numbers\n", status_code=400)
    return PlainTextResponse(issuer.token(uid, claims=claims, expires_in_seconds=expires_in))


def _claim_value(name: str, text: str) -> str | int | bool | None:
    if name in _NUMBERS:
        return int(text)
    if name == "email" and not text:
        return None
    return _TRUTH.get(text, text)


def _firebase_claim(payload: Mapping[str, Any]) -> dict[str, Any]:
    email = payload.get("email")
    if email is None:
        return {"identities": {}, "sign_in_provider": "custom"}
    return {"identities": {"email": [email]}, "sign_in_provider": "password"}


def _fingerprint(key: rsa.RSAPrivateKey) -> str:
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()[:40]

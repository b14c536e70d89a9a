"""Our own token issuer, shaped like Firebase Authentication, for the local stack only.

Its tokens are signed with RS256 by a key kept as a PEM in the data folder, so that tokens outlive a restart.
"""

import hashlib
import json
import re
import time
from collections.abc import Mapping
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

TOKEN_PATH = "/dev/token"  # noqa: S105 - a path
JWKS_PATH = "/dev/jwks.json"
_KEY_FILE = "issuer-key.pem"
_LIFETIME_SECONDS = 3_600
_SIMPLE_UID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NUMBERS = frozenset({"iat", "exp", "nbf", "auth_time"})
_TRUTH = {"true": True, "false": False}


class Issuer:
    """Mints ID tokens for one Firebase project id and publishes the key to check them with."""

    def __init__(self, *, project: str, key: rsa.RSAPrivateKey) -> None:
        self.project = project
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
        present = {name: value for name, value in payload.items() if value is not None}
        # Not jwt.encode: it refuses to sign what tests need to see refused, such as a `sub` that is no string.
        body = json.dumps(present, separators=(",", ":")).encode()
        return jwt.PyJWS().encode(body, self._key, algorithm="RS256", headers={"kid": self._key_id, "typ": "JWT"})

    def jwks(self) -> dict[str, Any]:
        """The public key as a JWKS document."""
        public = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self._key_id, "alg": "RS256", "use": "sig"}]}

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


def open_issuer(data_dir: Path, *, project: str) -> Issuer:
    """The issuer whose key lies in `data_dir` (mode 0600); folder and key are made if missing."""
    return Issuer(project=project, key=open_key(data_dir / _KEY_FILE))


def issuer_routes(issuer: Issuer) -> list[Route]:
    """`GET /dev/token?uid=alice[&email=&role=&expires_in=...]` (text) and `GET /dev/jwks.json`."""

    async def token(request: Request) -> Response:
        return _token_response(issuer, dict(request.query_params))

    async def jwks(_request: Request) -> Response:
        return JSONResponse(issuer.jwks())

    return [Route(TOKEN_PATH, token), Route(JWKS_PATH, jwks)]


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

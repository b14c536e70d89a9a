"""Checks ID tokens as an HTTP API's JWT authorizer does for one issuer: RS256, by the issuer's public JWKS.

Checked: signature and `kid`, `iss`, `aud` (or `client_id`), `exp`, `nbf`, `iat`. Nothing else: a `sub` that is empty
or too long passes, as it does in AWS, and the functions refuse it. One thing is stricter than AWS: a token
without `Bearer ` in front is refused, because the contract asks for it.
"""

import asyncio
import time
from typing import Any, cast

import httpx
import jwt

from dev.localhost import local_client

_REFETCH_SECONDS = 3.0
_CACHE_SECONDS = 7_200.0  # AWS may keep a key for two hours
_FETCH_TIMEOUT_SECONDS = 5.0


class TokenRefused(Exception):
    """The token does not open the API. `reason` is None when there was none."""

    def __init__(self, reason: str | None) -> None:
        super().__init__(reason or "no token")
        self.reason = reason


class JwtAuthorizer:
    """Verifies tokens of `issuer` for `audience`, with keys fetched from `jwks_url` and kept."""

    def __init__(self, *, issuer: str, audience: str, jwks_url: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = _KeyCache(jwks_url)

    async def claims(self, authorization: str | None) -> dict[str, Any]:
        """The claims of the token in an Authorization header.

        Raises:
            TokenRefused: there is no token, or it is not valid now, for us.
        """
        token = _bearer_token(authorization)
        try:
            key = await self._keys.key(_key_id(token))
            claims = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._issuer,
                options={
                    "require": ["exp", "iss"],
                    "verify_aud": False,  # below: AWS falls back on client_id
                    "verify_sub": False,
                    "verify_jti": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError) as error:
            raise TokenRefused(_described(error)) from error
        self._check_audience(claims)
        return claims

    async def stop(self) -> None:
        """Close the connection to the issuer."""
        await self._keys.stop()

    def _check_audience(self, claims: dict[str, Any]) -> None:
        audience: Any = claims["aud"] if "aud" in claims else claims.get("client_id")
        audiences = cast("list[Any]", audience) if isinstance(audience, list) else [audience]
        if self._audience not in audiences:
            raise TokenRefused("the token does not have a valid audience")


class _KeyCache:
    """The issuer's public keys by id. An unknown id asks the issuer again, at most every few seconds."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = local_client(timeout_seconds=_FETCH_TIMEOUT_SECONDS)
        self._lock = asyncio.Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked_at = float("-inf")

    async def key(self, key_id: str) -> jwt.PyJWK:
        """The key of that id, or TokenRefused."""
        if not self._is_known(key_id):
            async with self._lock:
                await self._refresh(key_id)
        try:
            return self._keys[key_id]
        except KeyError:
            raise TokenRefused("unable to find a signing key that matches the token's kid") from None

    async def stop(self) -> None:
        await self._client.aclose()

    def _is_known(self, key_id: str) -> bool:
        return key_id in self._keys and time.monotonic() - self._asked_at < _CACHE_SECONDS

    async def _refresh(self, key_id: str) -> None:
        if self._is_known(key_id) or time.monotonic() - self._asked_at < _REFETCH_SECONDS:
            return
        self._asked_at = time.monotonic()
        try:
            response = await self._client.get(self._url)
            self._keys = _parsed_keys(response.raise_for_status().json())
        except (httpx.HTTPError, ValueError, TypeError, KeyError, jwt.PyJWTError):
            # The keys at hand stay good. With none, the token cannot be checked, so it does not pass.
            return


def _parsed_keys(document: object) -> dict[str, jwt.PyJWK]:
    keys = cast("dict[str, list[dict[str, Any]]]", document)["keys"]
    return {key["kid"]: jwt.PyJWK(key, algorithm="RS256") for key in keys if key.get("kty") == "RSA"}


def _bearer_token(authorization: str | None) -> str:
    if not authorization:
        raise TokenRefused(None)
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenRefused("the token is missing or not a bearer token")
    return token.strip()


def _key_id(token: str) -> str:
    header = jwt.get_unverified_header(token)
    if header.get("alg") != "RS256":
        raise TokenRefused("signing method is not supported")
    key_id = header.get("kid")
    if not isinstance(key_id, str) or not key_id:
        raise TokenRefused("the token has no kid")
    return key_id


def _described(error: Exception) -> str:
    """The reason for `www-authenticate`. Never the token's own words: they could break out of the header."""
    match error:
        case jwt.ExpiredSignatureError():
            return "the token has expired"
        case jwt.ImmatureSignatureError():
            return "the token is not valid yet"
        case jwt.InvalidIssuerError():
            return "the token has an invalid issuer"
        case jwt.InvalidSignatureError():
            return "the token has an invalid signature"
        case _:
            return "the token is malformed"

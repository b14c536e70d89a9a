"""A service account of Google's: whom it names, and the assertions it signs to be given an access token.

Signed by the package cryptography alone. To import google-auth takes a fifth of a bare Init, and its own way to read a
key proves each time that the key's numbers are primes, which takes half of one (docs/adr/0043).
https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

import json
from base64 import urlsafe_b64encode
from dataclasses import field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from shared.config.environment import SettingsError
from shared.values import frozen

_AUDIENCE = "https://oauth2.googleapis.com/token"
"""Whom every assertion is for, wherever it is sent."""

_LASTS_SECONDS = 3_600  # the most Google takes


@frozen
class ServiceAccount:
    """Who asks, where access tokens are given out, and the key. The key never shows in a repr."""

    email: str
    token_url: str
    key_id: str
    key: RSAPrivateKey = field(repr=False)

    def assertion(self, *, scope: str, at: int) -> str:
        """A signed JWT that asks for that scope, made `at` (seconds since 1970) and good for an hour."""
        header = {"alg": "RS256", "typ": "JWT", "kid": self.key_id}
        claims = {"iss": self.email, "scope": scope, "aud": _AUDIENCE, "iat": at, "exp": at + _LASTS_SECONDS}
        signed = f"{_encoded(json.dumps(header).encode())}.{_encoded(json.dumps(claims).encode())}"
        return f"{signed}.{_encoded(self.key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def read_service_account(text: str, *, variable: str) -> ServiceAccount:
    """The service account in the text of a variable: the JSON that Firebase's console hands out.

    Raises SettingsError when it cannot be read, without repeating it.
    """
    try:
        told: Any = json.loads(text)
        key = _rsa_key(str(told["private_key"]))
        return ServiceAccount(
            email=str(told["client_email"]),
            token_url=str(told["token_uri"]),
            key_id=str(told["private_key_id"]),
            key=key,
        )
    except (ValueError, KeyError, TypeError):
        raise SettingsError(f"{variable} must be the JSON of a service account's key.") from None


def _rsa_key(pem: str) -> RSAPrivateKey:
    """ValueError or TypeError for anything else. That its primes are primes is not proved: Google made them."""
    key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("Google's keys are RSA keys")
    return key


def _encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")

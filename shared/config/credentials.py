"""The function's own access key, as Lambda hands it over. Whoever signs asks here each time: keys of a role expire.

It stands in the environment; where a function starts from a snapshot, Lambda gives it an address to ask instead, for a
key that was in the snapshot would have expired (docs/adr/0032).
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html#snapstart-credentials
"""

import json
import os
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from shared.config.settings_error import SettingsError
from shared.values import frozen

REGION_VARIABLE = "AWS_REGION"
ADDRESS_VARIABLE = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
TOKEN_VARIABLE = "AWS_CONTAINER_AUTHORIZATION_TOKEN"  # noqa: S105 - the name of a variable
_KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_OK = 200
_TIMEOUT_SECONDS = 2.0
_LASTS_AT_LEAST = timedelta(minutes=15)
"""What a key signs is good for so long, URLs of uploads among it, and dies with the key."""


@frozen
class Credentials:
    """An access key. Its secrets never show in a repr; `session_token` is None for a key that does not expire.

    `expires_at` (UTC) is None where Lambda replaces the environment before the key expires.
    """

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None

    def is_old(self, now: datetime) -> bool:
        """Whether to ask for another, so that what it signs now does not die before its time."""
        return self.expires_at is not None and self.expires_at - now < _LASTS_AT_LEAST


def read_credentials(environment: Mapping[str, str] | None = None) -> Credentials:
    """The key that is good now. SettingsError names what is missing, or does not answer."""
    source = os.environ if environment is None else environment
    if source.get(ADDRESS_VARIABLE) and not source.get(_KEY_VARIABLES[0]):
        return _asked(source[ADDRESS_VARIABLE], source.get(TOKEN_VARIABLE, ""))
    access_key, secret_key = (_given(source, name) for name in _KEY_VARIABLES)
    return Credentials(
        access_key=access_key, secret_key=secret_key, session_token=source.get("AWS_SESSION_TOKEN") or None
    )


def read_region(environment: Mapping[str, str] | None = None) -> str:
    """The region we run in, such as `eu-central-1`. SettingsError when nobody says so."""
    return _given(os.environ if environment is None else environment, REGION_VARIABLE)


def _given(source: Mapping[str, str], name: str) -> str:
    value = source.get(name, "")
    if not value:
        raise SettingsError(f"Requests to AWS are signed here, so {name} must be set; Lambda itself sets it.")
    return value


def _asked(address: str, token: str) -> Credentials:
    """Of Lambda itself, on this machine: a key goes nowhere else in the clear."""
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise SettingsError(f"{ADDRESS_VARIABLE} must be an address of this machine: Lambda itself sets it.")
    connection = HTTPConnection(parts.hostname, parts.port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", parts.path, headers={"Authorization": token})
        with connection.getresponse() as answer:
            if answer.status == _OK:
                return _read(json.loads(answer.read()))
        why = f"answers {answer.status}"
    except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
        why = type(error).__name__  # and not its cause, which may hold the key
    finally:
        connection.close()
    raise SettingsError(f"Lambda gives no access key at {ADDRESS_VARIABLE}: {why}.")


def _read(told: Mapping[str, Any]) -> Credentials:
    expires_at = datetime.fromisoformat(str(told["Expiration"]))
    return Credentials(
        access_key=str(told["AccessKeyId"]),
        secret_key=str(told["SecretAccessKey"]),
        session_token=str(told["Token"]),
        expires_at=expires_at if expires_at.tzinfo else expires_at.replace(tzinfo=UTC),
    )

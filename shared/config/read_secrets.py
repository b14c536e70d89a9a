"""Reads the secrets that the environment names from Secrets Manager or Parameter Store, once, at Init.

Not through AWS's own Lambda extension, which answers only while a function is invoked, never during Init
(docs/adr/0032). An Init has 10 s, so three tries at most are made, of two seconds each.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any, cast
from urllib.parse import urlsplit

from shared.config.credentials import LOOPBACK, read_credentials, read_region
from shared.config.secret_stores import SecretStore, store_of
from shared.config.settings_error import SettingsError
from shared.config.signed_question import Question
from shared.values import frozen
from shared.web.connect import connect

NAMES_VARIABLE = "SECRET_IDS"
"""Names or ARNs of secrets, and names of parameters, separated by commas: store_of tells them apart by their form.

Without it, everything is read from the environment.
"""

_OK = 200
_THROTTLED = {"ThrottlingException", "InternalServerError", "LimitExceededException", "InternalServiceError"}
_SERVER_ERROR = 500
_TRIES = 3
_TIMEOUT_SECONDS = 2.0
_PAUSE_SECONDS = 0.2
_ERROR_CODE = re.compile(r"[A-Za-z]{1,64}")


@frozen
class _Answer:
    status: int
    body: dict[str, Any]


def read_secrets(environment: Mapping[str, str], pause: Callable[[float], None] = time.sleep) -> dict[str, str]:
    """The names and values that the secrets of SECRET_IDS hold together; none when it is not set.

    Each secret is a JSON object whose names are variables and whose values are text.

    Raises:
        SettingsError: a secret cannot be read, is not of that shape, or repeats a name of another.
    """
    values: dict[str, str] = {}
    for secret_id in _listed(environment.get(NAMES_VARIABLE, "")):
        told = _values_of(secret_id, _ask_patiently(secret_id, environment, pause))
        if repeated := sorted(values.keys() & told.keys()):
            raise SettingsError(f"Two secrets hold {', '.join(repeated)}: keep each name in one.")
        values |= told
    return values


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _ask_patiently(secret_id: str, environment: Mapping[str, str], pause: Callable[[float], None]) -> dict[str, Any]:
    answer = _ask(secret_id, environment)
    for attempt in range(1, _TRIES):
        if answer is not None and not _may_pass(answer):
            break
        pause(_PAUSE_SECONDS * attempt)
        answer = _ask(secret_id, environment)
    store = store_of(secret_id)
    if answer is None:
        raise SettingsError(f"{store.name} cannot be reached for {secret_id}: look at the network of this function.")
    if answer.status == _OK:
        return answer.body
    raise SettingsError(
        f"{store.name} does not give {secret_id}: {answer.status} {_error_code(answer)}. "
        "Look at its name, and at the rights of this function."
    )


def _may_pass(answer: _Answer) -> bool:
    return answer.status >= _SERVER_ERROR or _error_code(answer) in _THROTTLED


def _error_code(answer: _Answer) -> str:
    """AWS's own word for it. The rest of an answer is never repeated: who knows what it holds."""
    found = _ERROR_CODE.fullmatch(str(answer.body.get("__type", "")).rpartition("#")[2])
    return found.group() if found else "without a code"


def _ask(secret_id: str, environment: Mapping[str, str]) -> _Answer | None:
    """The answer; None when none came."""
    store = store_of(secret_id)
    question = _question(store, secret_id, environment)
    url = _endpoint(store, environment)
    try:
        with closing(connect(url, connect_seconds=_TIMEOUT_SECONDS, read_seconds=_TIMEOUT_SECONDS)) as connection:
            connection.request("POST", "/", body=question.body, headers=question.headers(datetime.now(UTC)))
            told = connection.getresponse()
            return _Answer(status=told.status, body=_object(told.read()) or {})
    except (OSError, HTTPException):
        return None


def _question(store: SecretStore, secret_id: str, environment: Mapping[str, str]) -> Question:
    return Question(
        host=urlsplit(store.endpoint(environment)).netloc,
        region=read_region(environment),
        service=store.service,
        target=store.target,
        body=json.dumps(store.question(secret_id)).encode(),
        credentials=read_credentials(environment),
    )


def _endpoint(store: SecretStore, environment: Mapping[str, str]) -> str:
    """Encrypted, but for a server on this machine: secrets are the last thing to send in the clear."""
    url = store.endpoint(environment)
    parts = urlsplit(url)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        return url
    raise SettingsError(f"{store.endpoint_variable} must begin with https:// and name a host.")


def _values_of(secret_id: str, body: Mapping[str, Any]) -> dict[str, str]:
    values = _object(str(store_of(secret_id).text(body)))
    if values is None:
        raise SettingsError(f"The secret {secret_id} must be a JSON object of names and texts.")
    wrong = sorted(name for name, value in values.items() if not isinstance(value, str))
    if wrong:
        raise SettingsError(f"In the secret {secret_id}, these must be texts: {', '.join(wrong)}.")
    return values


def _object(text: str | bytes) -> dict[str, Any] | None:
    """A JSON object; None for anything else. The decoder's error would hold the whole text: none is chained to it."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None

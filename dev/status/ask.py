"""Asks a stage how it is."""

from dataclasses import dataclass, field
from typing import Any

import httpx

STATUS_PATH = "/api/admin/status"
_OPERATOR = {"uid": "operator", "role": "admin"}


class NoAnswer(Exception):
    """There is no status to show; the text says why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where the stage is. Without a token it is a local stack, which gives one."""

    url: str
    token: str | None = field(repr=False)


def ask(http: httpx.Client, target: Target) -> dict[str, Any]:
    """The answer of GET /api/admin/status. Raises NoAnswer."""
    try:
        token = target.token or _local_token(http, target)
        answer = http.get(target.url + STATUS_PATH, headers={"authorization": f"Bearer {token}"})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoAnswer(
            f"Nobody answers at {target.url}. Is the stack running (`make serve`), and on this port (PORT=...)?"
        ) from error
    if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise NoAnswer(f"{target.url} does not take the token: TOKEN must be a fresh ID token of an administrator.")
    if not answer.is_success:
        raise NoAnswer(f"{target.url} answered {answer.status_code}. Look at {target.url}/api/health.")
    try:
        return answer.json()
    except ValueError as error:
        raise NoAnswer(f"What answers at {target.url} is not this product.") from error


def _local_token(http: httpx.Client, target: Target) -> str:
    answer = http.get(f"{target.url}/dev/token", params=_OPERATOR)
    if not answer.is_success:
        raise NoAnswer(f"{target.url} is no local stack: give a TOKEN=... of an administrator.")
    return answer.text.strip()

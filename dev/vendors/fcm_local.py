"""Phones as Firebase Cloud Messaging reaches them, in memory: what each would show.

Whether a token is known is written in the token: one that begins with `gone-` is unregistered, one that begins with
`other-project-` belongs to another sender. Every other token is a phone that is switched on.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

GONE, OTHER_PROJECT = "gone-", "other-project-"
MAX_PAYLOAD_BYTES = 4_096
_MOST_SHOWN = 1_000


@dataclass(kw_only=True)
class FcmRefusal(Exception):
    """An error as FCM answers it: an HTTP status, Google's word for it, and FCM's own code."""

    status: int
    google_status: str
    error_code: str
    message: str

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        detail = {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": self.error_code}
        error = {"code": self.status, "message": self.message, "status": self.google_status, "details": [detail]}
        return {"error": error}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One message on one phone. `times`: how often it came; with the same tag it takes its own place."""

    token: str
    tag: str
    title: str
    body: str
    data: Mapping[str, str]
    times: int
    at: datetime


class LocalFcm:
    """Takes messages of the HTTP v1 API and keeps what the phones show; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: dict[tuple[str, str], Shown] = {}

    def accept(self, message: Mapping[str, Any]) -> str:
        """Show it on its phone; the id of the message. Raises FcmRefusal."""
        token = message.get("token")
        if not isinstance(token, str) or not token:
            raise _invalid("The message names no registration token.")
        if token.startswith(GONE):
            raise _refusal(404, "NOT_FOUND", "UNREGISTERED", "Requested entity was not found.")
        if token.startswith(OTHER_PROJECT):
            raise _refusal(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch")
        if payload_bytes(message) > MAX_PAYLOAD_BYTES:
            raise _invalid("Message too big")
        self._show(token, message)
        return uuid4().hex

    def shown(self) -> list[Shown]:
        """Everything the phones show, newest first."""
        with self._lock:
            return sorted(self._shown.values(), key=lambda one: one.at, reverse=True)

    def _show(self, token: str, message: Mapping[str, Any]) -> None:
        notification: Mapping[str, str] = message.get("notification", {})
        tag: str = message.get("android", {}).get("notification", {}).get("tag") or uuid4().hex
        with self._lock:
            before = self._shown.pop((token, tag), None)
            self._shown[token, tag] = Shown(
                token=token,
                tag=tag,
                title=notification.get("title", ""),
                body=notification.get("body", ""),
                data=message.get("data", {}),
                times=1 if before is None else before.times + 1,
                at=datetime.now(UTC),
            )
            while len(self._shown) > _MOST_SHOWN:
                self._shown.pop(next(iter(self._shown)))


def payload_bytes(message: Mapping[str, Any]) -> int:
    """What counts against FCM's limit: the notification and the data."""
    payload = {name: message[name] for name in ("notification", "data") if name in message}
    return len(json.dumps(payload, ensure_ascii=False).encode())


def _invalid(message: str) -> FcmRefusal:
    return _refusal(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", message)


def _refusal(status: int, google_status: str, error_code: str, message: str) -> FcmRefusal:
    return FcmRefusal(status=status, google_status=google_status, error_code=error_code, message=message)

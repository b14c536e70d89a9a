"""Turns what a function answered into an HTTP response, and knows the gateway's own answers."""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN_IN_VALUE = re.compile(r"[\x00\r\n]")
_OURS = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"})
_DEFAULT_TYPE = "text/plain;charset=UTF-8"


class MalformedAnswer(ValueError):
    """A function answered something API Gateway cannot turn into a response."""


@dataclass(frozen=True, kw_only=True)
class HttpAnswer:
    """A response: header names lower-case, `content-length` left to the sender."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(default=())
    body: bytes = b""


def message_answer(status: HTTPStatus, *headers: tuple[str, str], message: str | None = None) -> HttpAnswer:
    """One of the gateway's own answers: `{"message":"Not Found"}`."""
    body = json.dumps({"message": message or status.phrase}, separators=(",", ":")).encode()
    return HttpAnswer(status=status, headers=(("content-type", "application/json"), *headers), body=body)


NOT_FOUND = message_answer(HTTPStatus.NOT_FOUND)
TOO_LARGE = message_answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message="Request Entity Too Large")
HEADERS_TOO_LARGE = message_answer(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
TOO_MANY = message_answer(HTTPStatus.TOO_MANY_REQUESTS)
INTERNAL_ERROR = message_answer(HTTPStatus.INTERNAL_SERVER_ERROR)
UNAVAILABLE = message_answer(HTTPStatus.SERVICE_UNAVAILABLE)


def unauthorized(reason: str | None) -> HttpAnswer:
    """401 with the reason in `www-authenticate`; no reason when there was no token at all."""
    challenge = "Bearer"
    if reason is not None:
        challenge = f'Bearer scope="" error="invalid_token" error_description="{reason}"'
    return message_answer(HTTPStatus.UNAUTHORIZED, ("www-authenticate", challenge))


def answer_of(payload: object) -> HttpAnswer:
    """The response a function's payload stands for.

    A payload without `statusCode` is itself the body: 200, JSON (a string as it is).

    Raises:
        MalformedAnswer: the status, a header, a cookie or the body is not what the format allows.
    """
    if not isinstance(payload, dict) or "statusCode" not in payload:
        text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
        headers = (("content-type", "application/json"),)
        return HttpAnswer(status=HTTPStatus.OK, headers=headers, body=text.encode(errors="replace"))
    fields = cast("dict[str, Any]", payload)
    return HttpAnswer(
        status=_status(fields["statusCode"]),
        headers=(*_headers(fields.get("headers")), *_cookies(fields.get("cookies"))),
        body=_body(fields.get("body"), is_base64=fields.get("isBase64Encoded") is True),
    )


def _status(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 200 <= value <= 599:  # noqa: PLR2004 - HTTP's own range
        raise MalformedAnswer(f"statusCode is {value!r}")
    return value


def _headers(value: object) -> list[tuple[str, str]]:
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise MalformedAnswer("headers is not an object")
    pairs = [_header(name, item) for name, item in cast("dict[str, Any]", value).items()]
    kept = [pair for pair in pairs if pair[0] not in _OURS]
    has_type = any(name == "content-type" for name, _ in kept)
    return kept if has_type else [*kept, ("content-type", _DEFAULT_TYPE)]


def _header(name: str, value: object) -> tuple[str, str]:
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise MalformedAnswer(f"header {name} is not a string")
    text = str(value)
    if not _NAME.fullmatch(name) or _FORBIDDEN_IN_VALUE.search(text) or not _is_latin(text):
        raise MalformedAnswer(f"header {name!r} cannot be sent")
    return name.lower(), text


def _is_latin(text: str) -> bool:
    return all(ord(character) <= 0xFF for character in text)  # noqa: PLR2004 - the last latin-1 character


def _cookies(value: object) -> list[tuple[str, str]]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise MalformedAnswer("cookies is not a list")
    return [_header("set-cookie", item) for item in cast("list[Any]", value)]


def _body(value: object, *, is_base64: bool) -> bytes:
    if value is None:
        return b""
    if not isinstance(value, str):
        raise MalformedAnswer("body is not a string")
    if not is_base64:
        return value.encode(errors="replace")
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise MalformedAnswer("body is not base64") from error

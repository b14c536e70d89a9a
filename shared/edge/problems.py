"""Errors as `application/problem+json` (RFC 9457): the one place where a kind becomes a status."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from shared import errors
from shared.errors import SecondBrainError
from shared.values import frozen

CONTENT_TYPE = "application/problem+json"

MAX_FIELDS = 20
MAX_PART = 100
"""A body of 256 KiB can hold 40,000 wrong fields; naming them all would be more than Lambda may answer."""

# Most specific first: the first class an error belongs to decides.
_KINDS: tuple[tuple[type[SecondBrainError], int, str], ...] = (
    (errors.Malformed, 400, "The request cannot be read"),
    (errors.TooLarge, 413, "Too large"),
    (errors.Unsupported, 415, "Type not supported"),
    (errors.Invalid, 422, "Not acceptable as it is"),
    (errors.Unauthenticated, 401, "Sign in first"),
    (errors.Forbidden, 403, "Not allowed"),
    (errors.NotFound, 404, "Not found"),
    (errors.Conflict, 409, "Not possible in this state"),
    (errors.OutOfCredits, 402, "Not enough credits"),
    (errors.BudgetSpent, 429, "Enough for today"),
    (errors.SpendCapReached, 402, "Enough for today"),
    (errors.TooManyRequests, 429, "Too many requests"),
    (errors.Busy, 503, "Try again in a moment"),
    (errors.VendorDown, 503, "A provider is unavailable"),
    (errors.VendorRefused, 502, "A provider refused"),
)
_UNPROCESSABLE = 422
_INTERNAL = (500, "Something went wrong on our side")


@frozen
class Problem:
    """A status, its headers, and the body as JSON text."""

    status: int
    headers: dict[str, str]
    body: str


def of_error(error: SecondBrainError, request_id: str) -> Problem:
    """The problem a caller sees for one of our own errors."""
    status, title = next(((s, t) for kind, s, t in _KINDS if isinstance(error, kind)), _INTERNAL)
    return _problem(
        status,
        title,
        error.exact_code,
        error.detail,
        request_id,
        retry_after=error.retry_after_seconds,
        fields=_whole(error) if status == _UNPROCESSABLE else None,
        members=error.details,
    )


def _whole(error: SecondBrainError) -> list[dict[str, str]]:
    """What is wrong with no field alone, in the form of those that are: the empty pointer is the whole request."""
    return [{"pointer": "", "detail": error.detail, "code": error.exact_code}]


def of_validation(error: ValidationError, request_id: str) -> Problem:
    """Wrong fields by their JSON pointers, MAX_FIELDS at most. The caller's own values are not repeated."""
    entries = error.errors(include_url=False, include_context=False, include_input=False)
    fields = [
        {"pointer": _pointer(entry["loc"]), "detail": entry["msg"], "code": entry["type"]}
        for entry in entries[:MAX_FIELDS]
    ]
    detail = "See errors: each names a field and what is wrong with it."
    return _problem(422, "Not acceptable as it is", errors.Invalid.code, detail, request_id, fields=fields)


def _pointer(place: tuple[int | str, ...]) -> str:
    """RFC 6901. A part `:name` says which of several shapes was tried, and is no part of the body."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in place]
    return "".join(f"/{part[:MAX_PART]}" for part in parts if not part.startswith(":"))


def of_unexpected(request_id: str) -> Problem:
    """What a caller sees of a defect: nothing but the id to ask about."""
    return _problem(*_INTERNAL, "internal", "It has been recorded; quote the request_id when you ask.", request_id)


def _problem(
    status: int,
    title: str,
    code: str,
    detail: str,
    request_id: str,
    *,
    retry_after: int | None = None,
    fields: list[dict[str, str]] | None = None,
    members: Mapping[str, object] | None = None,
) -> Problem:
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    if fields is not None:
        body["errors"] = fields
    if members:
        body |= {name: to_jsonable_python(value) for name, value in members.items()}
    headers = {"content-type": CONTENT_TYPE}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return Problem(status=status, headers=headers, body=json.dumps(body, ensure_ascii=False))

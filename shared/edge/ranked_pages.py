"""Cursor of a ranking: how many results the pages before had, bound to the question that was ranked."""

import base64
import binascii
import hashlib
import json
from typing import Annotated

from pydantic import BaseModel, Field

from shared.errors import Invalid

RankedCursor = Annotated[str, Field(min_length=1, max_length=100)]


def write_skip(skip: int, question: BaseModel) -> str:
    """The cursor of the page after so many results of this question."""
    return base64.urlsafe_b64encode(f"{skip}|{_fingerprint(question)}".encode()).decode()


def read_skip(cursor: str | None, question: BaseModel, *, most: int) -> int:
    """How many results to leave out; 0 without a cursor.

    Raises Invalid for a cursor that is not one of ours, or one of another question's.
    """
    if cursor is None:
        return 0
    try:
        skip, _, fingerprint = base64.b64decode(cursor, altchars=b"-_", validate=True).decode("ascii").partition("|")
    except (binascii.Error, ValueError) as error:
        raise _unknown_cursor() from error
    if fingerprint != _fingerprint(question) or not skip.isdecimal() or not 0 < int(skip) <= most:
        raise _unknown_cursor()
    return int(skip)


def _fingerprint(question: BaseModel) -> str:
    asked = question.model_dump(mode="json", exclude={"cursor"})
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:32]


def _unknown_cursor() -> Invalid:
    return Invalid(
        "The cursor is not one that this question was answered with: begin again without it.", code="cursor_invalid"
    )

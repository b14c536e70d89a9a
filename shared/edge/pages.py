"""Cursor pages: an opaque text that says where the next page begins."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from pydantic import Field

from shared.edge.endpoint import Query
from shared.errors import Invalid

Position = tuple[datetime, UUID]
"""Where a page ended: rows are ordered by time, then id."""


class PageQuery(Query):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, Field(max_length=200)] | None = None

    def position(self) -> Position | None:
        """Where to go on. Raises Invalid for a cursor that is not one of ours."""
        return None if self.cursor is None else read_cursor(self.cursor)


class _Placed(Protocol):
    """A row that knows its place in a list."""

    @property
    def created_at(self) -> datetime: ...

    @property
    def id(self) -> UUID: ...


RowT = TypeVar("RowT", bound=_Placed)


def cut(found: Sequence[RowT], limit: int) -> tuple[Sequence[RowT], str | None]:
    """A page and the cursor of the next, from up to `limit` + 1 rows: the one too many tells that there is a next."""
    page = found[:limit]
    return page, write_cursor((page[-1].created_at, page[-1].id)) if len(found) > limit else None


def write_cursor(position: Position) -> str:
    """The cursor that goes on after `position`."""
    return base64.urlsafe_b64encode(f"{position[0].isoformat()}|{position[1]}".encode()).decode()


def read_cursor(cursor: str) -> Position:
    """Raises Invalid for a cursor that is not one of ours."""
    try:
        at, _, row_id = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().partition("|")
        position = datetime.fromisoformat(at), UUID(row_id)
    except (binascii.Error, ValueError) as error:
        raise _unknown_cursor() from error
    if position[0].tzinfo is None:
        raise _unknown_cursor()
    return position


def _unknown_cursor() -> Invalid:
    return Invalid("The cursor is not one this API gave out: begin again without it.", code="cursor_invalid")

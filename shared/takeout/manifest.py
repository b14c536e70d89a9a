"""What a ZIP says of itself: every file with its size and digest, and what was left out."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.ids import UserId
from shared.takeout.tables import LEFT_OUT, OMITTED_COLUMNS

FORMAT = "second-brain-export"
VERSION = 1
"""Grows when an older reader would misread a ZIP; a reader refuses what is newer than itself."""

MANIFEST = "manifest.json"


class FileEntry(BaseModel):
    """One file; `rows` of a table."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", defer_build=True)

    path: Annotated[str, StringConstraints(max_length=400)]
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    rows: Annotated[int, Field(ge=0)] | None = None


class ManifestHead(BaseModel):
    """What is looked at first, whatever else a newer manifest may hold."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", defer_build=True)

    format: Literal["second-brain-export"]
    version: Annotated[int, Field(ge=1)]


class Manifest(ManifestHead):
    """The whole of version 1."""

    created_at: datetime
    user_id: UUID
    files: list[FileEntry]


def write_manifest(
    to: IO[bytes],
    *,
    user_id: UserId,
    created_at: datetime,
    counts: Mapping[str, int],
    files: Iterable[FileEntry],
    missing: Iterable[str],
) -> None:
    """As JSON, file by file: there may be many. `counts` are rows by table, `missing` paths of files that were gone."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "created_at": created_at.isoformat(),
        "user_id": str(user_id),
        "counts": counts,
        "missing": list(missing),
        "left_out": LEFT_OUT,
        "omitted_columns": OMITTED_COLUMNS,
    }
    to.write(json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}").encode() + b',\n "files": [')
    between = b"\n  "
    for entry in files:
        to.write(between + entry.model_dump_json(exclude_none=True).encode())
        between = b",\n  "
    to.write(b"\n ]\n}\n")

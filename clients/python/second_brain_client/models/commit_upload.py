from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="CommitUpload")


@_attrs_define
class CommitUpload:
    """POST /api/uploads/commit.

    Attributes:
        media_id (UUID):
    """

    media_id: UUID

    def to_dict(self) -> dict[str, Any]:
        media_id = str(self.media_id)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "media_id": media_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        media_id = UUID(d.pop("media_id"))

        commit_upload = cls(
            media_id=media_id,
        )

        return commit_upload

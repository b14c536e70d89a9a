from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.media_type import MediaType
from ..types import UNSET, Unset

T = TypeVar("T", bound="PresignUpload")


@_attrs_define
class PresignUpload:
    """POST /api/uploads/presign. With a `media_id`, which the app may make, a repeat is the same file.

    `part_sha256` has one digest for each part of a file of more than 16 MiB.

        Attributes:
            session_id (UUID):
            type_ (MediaType): What a file claims to hold.
            content_type (str):
            size_bytes (int):
            sha256 (None | str | Unset):
            part_sha256 (list[str] | None | Unset):
            media_id (None | Unset | UUID):
    """

    session_id: UUID
    type_: MediaType
    content_type: str
    size_bytes: int
    sha256: None | str | Unset = UNSET
    part_sha256: list[str] | None | Unset = UNSET
    media_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        session_id = str(self.session_id)

        type_ = self.type_.value

        content_type = self.content_type

        size_bytes = self.size_bytes

        sha256: None | str | Unset
        if isinstance(self.sha256, Unset):
            sha256 = UNSET
        else:
            sha256 = self.sha256

        part_sha256: list[str] | None | Unset
        if isinstance(self.part_sha256, Unset):
            part_sha256 = UNSET
        elif isinstance(self.part_sha256, list):
            part_sha256 = self.part_sha256

        else:
            part_sha256 = self.part_sha256

        media_id: None | str | Unset
        if isinstance(self.media_id, Unset):
            media_id = UNSET
        elif isinstance(self.media_id, UUID):
            media_id = str(self.media_id)
        else:
            media_id = self.media_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "session_id": session_id,
                "type": type_,
                "content_type": content_type,
                "size_bytes": size_bytes,
            }
        )
        if sha256 is not UNSET:
            field_dict["sha256"] = sha256
        if part_sha256 is not UNSET:
            field_dict["part_sha256"] = part_sha256
        if media_id is not UNSET:
            field_dict["media_id"] = media_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        session_id = UUID(d.pop("session_id"))

        type_ = MediaType(d.pop("type"))

        content_type = d.pop("content_type")

        size_bytes = d.pop("size_bytes")

        def _parse_sha256(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        sha256 = _parse_sha256(d.pop("sha256", UNSET))

        def _parse_part_sha256(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                part_sha256_type_0 = cast(list[str], data)

                return part_sha256_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        part_sha256 = _parse_part_sha256(d.pop("part_sha256", UNSET))

        def _parse_media_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                media_id_type_0 = UUID(data)

                return media_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        media_id = _parse_media_id(d.pop("media_id", UNSET))

        presign_upload = cls(
            session_id=session_id,
            type_=type_,
            content_type=content_type,
            size_bytes=size_bytes,
            sha256=sha256,
            part_sha256=part_sha256,
            media_id=media_id,
        )

        return presign_upload

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.block_type import BlockType

if TYPE_CHECKING:
    from ..models.block_out_metadata import BlockOutMetadata
    from ..models.segment_out import SegmentOut


T = TypeVar("T", bound="BlockOut")


@_attrs_define
class BlockOut:
    """A block. `text_origin` is `user`, or the provider that made the text (`local`: a rough local draft).

    Attributes:
        id (UUID):
        session_id (UUID):
        block_type (BlockType): What a block holds.
        text_content (None | str):
        text_origin (None | str):
        segments (list[SegmentOut]):
        media_id (None | UUID):
        metadata (BlockOutMetadata):
        captured_at (datetime.datetime):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        version (int):
    """

    id: UUID
    session_id: UUID
    block_type: BlockType
    text_content: None | str
    text_origin: None | str
    segments: list[SegmentOut]
    media_id: None | UUID
    metadata: BlockOutMetadata
    captured_at: datetime.datetime
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        session_id = str(self.session_id)

        block_type = self.block_type.value

        text_content: None | str
        text_content = self.text_content

        text_origin: None | str
        text_origin = self.text_origin

        segments = []
        for segments_item_data in self.segments:
            segments_item = segments_item_data.to_dict()
            segments.append(segments_item)

        media_id: None | str
        if isinstance(self.media_id, UUID):
            media_id = str(self.media_id)
        else:
            media_id = self.media_id

        metadata = self.metadata.to_dict()

        captured_at = self.captured_at.isoformat()

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "session_id": session_id,
                "block_type": block_type,
                "text_content": text_content,
                "text_origin": text_origin,
                "segments": segments,
                "media_id": media_id,
                "metadata": metadata,
                "captured_at": captured_at,
                "created_at": created_at,
                "updated_at": updated_at,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.block_out_metadata import BlockOutMetadata  # noqa: PLC0415
        from ..models.segment_out import SegmentOut  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        session_id = UUID(d.pop("session_id"))

        block_type = BlockType(d.pop("block_type"))

        def _parse_text_content(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        text_content = _parse_text_content(d.pop("text_content"))

        def _parse_text_origin(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        text_origin = _parse_text_origin(d.pop("text_origin"))

        segments = []
        _segments = d.pop("segments")
        for segments_item_data in _segments:
            segments_item = SegmentOut.from_dict(segments_item_data)

            segments.append(segments_item)

        def _parse_media_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                media_id_type_0 = UUID(data)

                return media_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        media_id = _parse_media_id(d.pop("media_id"))

        metadata = BlockOutMetadata.from_dict(d.pop("metadata"))

        captured_at = datetime.datetime.fromisoformat(d.pop("captured_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        version = d.pop("version")

        block_out = cls(
            id=id,
            session_id=session_id,
            block_type=block_type,
            text_content=text_content,
            text_origin=text_origin,
            segments=segments,
            media_id=media_id,
            metadata=metadata,
            captured_at=captured_at,
            created_at=created_at,
            updated_at=updated_at,
            version=version,
        )

        block_out.additional_properties = d
        return block_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

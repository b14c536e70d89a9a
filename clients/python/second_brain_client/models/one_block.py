from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.block_type import BlockType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.one_block_metadata import OneBlockMetadata


T = TypeVar("T", bound="OneBlock")


@_attrs_define
class OneBlock:
    """One captured thing.

    Attributes:
        block_type (BlockType): What a block holds.
        id (None | Unset | UUID):
        text_content (None | str | Unset):
        media_id (None | Unset | UUID):
        metadata (OneBlockMetadata | Unset):
        captured_at (datetime.datetime | None | Unset):
    """

    block_type: BlockType
    id: None | Unset | UUID = UNSET
    text_content: None | str | Unset = UNSET
    media_id: None | Unset | UUID = UNSET
    metadata: OneBlockMetadata | Unset = UNSET
    captured_at: datetime.datetime | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        block_type = self.block_type.value

        id: None | str | Unset
        if isinstance(self.id, Unset):
            id = UNSET
        elif isinstance(self.id, UUID):
            id = str(self.id)
        else:
            id = self.id

        text_content: None | str | Unset
        if isinstance(self.text_content, Unset):
            text_content = UNSET
        else:
            text_content = self.text_content

        media_id: None | str | Unset
        if isinstance(self.media_id, Unset):
            media_id = UNSET
        elif isinstance(self.media_id, UUID):
            media_id = str(self.media_id)
        else:
            media_id = self.media_id

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        captured_at: None | str | Unset
        if isinstance(self.captured_at, Unset):
            captured_at = UNSET
        elif isinstance(self.captured_at, datetime.datetime):
            captured_at = self.captured_at.isoformat()
        else:
            captured_at = self.captured_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "block_type": block_type,
            }
        )
        if id is not UNSET:
            field_dict["id"] = id
        if text_content is not UNSET:
            field_dict["text_content"] = text_content
        if media_id is not UNSET:
            field_dict["media_id"] = media_id
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if captured_at is not UNSET:
            field_dict["captured_at"] = captured_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.one_block_metadata import OneBlockMetadata  # noqa: PLC0415

        d = dict(src_dict)
        block_type = BlockType(d.pop("block_type"))

        def _parse_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                id_type_0 = UUID(data)

                return id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        id = _parse_id(d.pop("id", UNSET))

        def _parse_text_content(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        text_content = _parse_text_content(d.pop("text_content", UNSET))

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

        _metadata = d.pop("metadata", UNSET)
        metadata: OneBlockMetadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = OneBlockMetadata.from_dict(_metadata)

        def _parse_captured_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                captured_at_type_0 = datetime.datetime.fromisoformat(data)

                return captured_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        captured_at = _parse_captured_at(d.pop("captured_at", UNSET))

        one_block = cls(
            block_type=block_type,
            id=id,
            text_content=text_content,
            media_id=media_id,
            metadata=metadata,
            captured_at=captured_at,
        )

        return one_block

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.edit_block_metadata_type_0 import EditBlockMetadataType0


T = TypeVar("T", bound="EditBlock")


@_attrs_define
class EditBlock:
    """PATCH of a block: what is left out stays.

    Attributes:
        text_content (None | str | Unset):
        metadata (EditBlockMetadataType0 | None | Unset):
        base_version (int | None | Unset):
    """

    text_content: None | str | Unset = UNSET
    metadata: EditBlockMetadataType0 | None | Unset = UNSET
    base_version: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.edit_block_metadata_type_0 import EditBlockMetadataType0  # noqa: PLC0415

        text_content: None | str | Unset
        if isinstance(self.text_content, Unset):
            text_content = UNSET
        else:
            text_content = self.text_content

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, EditBlockMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        base_version: int | None | Unset
        if isinstance(self.base_version, Unset):
            base_version = UNSET
        else:
            base_version = self.base_version

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if text_content is not UNSET:
            field_dict["text_content"] = text_content
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if base_version is not UNSET:
            field_dict["base_version"] = base_version

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.edit_block_metadata_type_0 import EditBlockMetadataType0  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_text_content(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        text_content = _parse_text_content(d.pop("text_content", UNSET))

        def _parse_metadata(data: object) -> EditBlockMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = EditBlockMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EditBlockMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        def _parse_base_version(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        base_version = _parse_base_version(d.pop("base_version", UNSET))

        edit_block = cls(
            text_content=text_content,
            metadata=metadata,
            base_version=base_version,
        )

        return edit_block

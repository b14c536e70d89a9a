from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.missing_part_out import MissingPartOut
    from ..models.stored_part_out import StoredPartOut


T = TypeVar("T", bound="MultipartOut")


@_attrs_define
class MultipartOut:
    """What is there of a file in parts, and the permissions for the rest. With nothing missing, commit.

    Attributes:
        part_size_bytes (int):
        part_count (int):
        stored (list[StoredPartOut]):
        parts (list[MissingPartOut]):
    """

    part_size_bytes: int
    part_count: int
    stored: list[StoredPartOut]
    parts: list[MissingPartOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        part_size_bytes = self.part_size_bytes

        part_count = self.part_count

        stored = []
        for stored_item_data in self.stored:
            stored_item = stored_item_data.to_dict()
            stored.append(stored_item)

        parts = []
        for parts_item_data in self.parts:
            parts_item = parts_item_data.to_dict()
            parts.append(parts_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "part_size_bytes": part_size_bytes,
                "part_count": part_count,
                "stored": stored,
                "parts": parts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.missing_part_out import MissingPartOut  # noqa: PLC0415
        from ..models.stored_part_out import StoredPartOut  # noqa: PLC0415

        d = dict(src_dict)
        part_size_bytes = d.pop("part_size_bytes")

        part_count = d.pop("part_count")

        stored = []
        _stored = d.pop("stored")
        for stored_item_data in _stored:
            stored_item = StoredPartOut.from_dict(stored_item_data)

            stored.append(stored_item)

        parts = []
        _parts = d.pop("parts")
        for parts_item_data in _parts:
            parts_item = MissingPartOut.from_dict(parts_item_data)

            parts.append(parts_item)

        multipart_out = cls(
            part_size_bytes=part_size_bytes,
            part_count=part_count,
            stored=stored,
            parts=parts,
        )

        multipart_out.additional_properties = d
        return multipart_out

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.missing_part_out_headers import MissingPartOutHeaders


T = TypeVar("T", bound="MissingPartOut")


@_attrs_define
class MissingPartOut:
    """Where to PUT `size_bytes` of the file, from `offset_bytes` on. Send exactly these headers.

    Attributes:
        part_number (int):
        offset_bytes (int):
        size_bytes (int):
        upload_url (str):
        headers (MissingPartOutHeaders):
    """

    part_number: int
    offset_bytes: int
    size_bytes: int
    upload_url: str
    headers: MissingPartOutHeaders
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        part_number = self.part_number

        offset_bytes = self.offset_bytes

        size_bytes = self.size_bytes

        upload_url = self.upload_url

        headers = self.headers.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "part_number": part_number,
                "offset_bytes": offset_bytes,
                "size_bytes": size_bytes,
                "upload_url": upload_url,
                "headers": headers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.missing_part_out_headers import MissingPartOutHeaders  # noqa: PLC0415

        d = dict(src_dict)
        part_number = d.pop("part_number")

        offset_bytes = d.pop("offset_bytes")

        size_bytes = d.pop("size_bytes")

        upload_url = d.pop("upload_url")

        headers = MissingPartOutHeaders.from_dict(d.pop("headers"))

        missing_part_out = cls(
            part_number=part_number,
            offset_bytes=offset_bytes,
            size_bytes=size_bytes,
            upload_url=upload_url,
            headers=headers,
        )

        missing_part_out.additional_properties = d
        return missing_part_out

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

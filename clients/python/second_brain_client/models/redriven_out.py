from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RedrivenOut")


@_attrs_define
class RedrivenOut:
    """How many went back to their queue; `is_empty` says that no more were seen: otherwise ask again.

    Attributes:
        queue (str):
        moved (int):
        is_empty (bool):
    """

    queue: str
    moved: int
    is_empty: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        queue = self.queue

        moved = self.moved

        is_empty = self.is_empty

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "queue": queue,
                "moved": moved,
                "is_empty": is_empty,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        queue = d.pop("queue")

        moved = d.pop("moved")

        is_empty = d.pop("is_empty")

        redriven_out = cls(
            queue=queue,
            moved=moved,
            is_empty=is_empty,
        )

        redriven_out.additional_properties = d
        return redriven_out

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

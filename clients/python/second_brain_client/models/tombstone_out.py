from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.thing_kind import ThingKind

T = TypeVar("T", bound="TombstoneOut")


@_attrs_define
class TombstoneOut:
    """A thing that is gone.

    Attributes:
        kind (ThingKind): What a phone keeps a copy of.
        id (UUID):
        deleted (bool):  Default: True.
    """

    kind: ThingKind
    id: UUID
    deleted: bool = True
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        id = str(self.id)

        deleted = self.deleted

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "id": id,
                "deleted": deleted,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = ThingKind(d.pop("kind"))

        id = UUID(d.pop("id"))

        deleted = d.pop("deleted")

        tombstone_out = cls(
            kind=kind,
            id=id,
            deleted=deleted,
        )

        tombstone_out.additional_properties = d
        return tombstone_out

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

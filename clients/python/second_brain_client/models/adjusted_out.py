from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AdjustedOut")


@_attrs_define
class AdjustedOut:
    """Where a user stands after an adjustment.

    Attributes:
        id (UUID):
        user_id (UUID):
        credits_ (int):
        debt (int):
    """

    id: UUID
    user_id: UUID
    credits_: int
    debt: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        user_id = str(self.user_id)

        credits_ = self.credits_

        debt = self.debt

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_id": user_id,
                "credits": credits_,
                "debt": debt,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        user_id = UUID(d.pop("user_id"))

        credits_ = d.pop("credits")

        debt = d.pop("debt")

        adjusted_out = cls(
            id=id,
            user_id=user_id,
            credits_=credits_,
            debt=debt,
        )

        adjusted_out.additional_properties = d
        return adjusted_out

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

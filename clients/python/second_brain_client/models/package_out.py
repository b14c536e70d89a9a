from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PackageOut")


@_attrs_define
class PackageOut:
    """What is for sale; `amount_cents` counts the currency's smallest unit.

    Attributes:
        id (str):
        credits_ (int):
        amount_cents (int):
        currency (str):
    """

    id: str
    credits_: int
    amount_cents: int
    currency: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        credits_ = self.credits_

        amount_cents = self.amount_cents

        currency = self.currency

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "credits": credits_,
                "amount_cents": amount_cents,
                "currency": currency,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        credits_ = d.pop("credits")

        amount_cents = d.pop("amount_cents")

        currency = d.pop("currency")

        package_out = cls(
            id=id,
            credits_=credits_,
            amount_cents=amount_cents,
            currency=currency,
        )

        package_out.additional_properties = d
        return package_out

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

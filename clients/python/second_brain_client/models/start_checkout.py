from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="StartCheckout")


@_attrs_define
class StartCheckout:
    """POST /api/payments/checkout.

    Attributes:
        package_id (str):
    """

    package_id: str

    def to_dict(self) -> dict[str, Any]:
        package_id = self.package_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "package_id": package_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        package_id = d.pop("package_id")

        start_checkout = cls(
            package_id=package_id,
        )

        return start_checkout

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PaymentOut")


@_attrs_define
class PaymentOut:
    """One order. `credits_taken_back`: of a refund or dispute; `reason` says why it failed.

    Attributes:
        id (UUID):
        package_id (str):
        credits_ (int):
        amount_cents (int):
        currency (str):
        status (str):
        reason (None | str):
        refunded_cents (int):
        disputed_cents (int):
        credits_taken_back (int):
        created_at (datetime.datetime):
        completed_at (datetime.datetime | None):
    """

    id: UUID
    package_id: str
    credits_: int
    amount_cents: int
    currency: str
    status: str
    reason: None | str
    refunded_cents: int
    disputed_cents: int
    credits_taken_back: int
    created_at: datetime.datetime
    completed_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        package_id = self.package_id

        credits_ = self.credits_

        amount_cents = self.amount_cents

        currency = self.currency

        status = self.status

        reason: None | str
        reason = self.reason

        refunded_cents = self.refunded_cents

        disputed_cents = self.disputed_cents

        credits_taken_back = self.credits_taken_back

        created_at = self.created_at.isoformat()

        completed_at: None | str
        if isinstance(self.completed_at, datetime.datetime):
            completed_at = self.completed_at.isoformat()
        else:
            completed_at = self.completed_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "package_id": package_id,
                "credits": credits_,
                "amount_cents": amount_cents,
                "currency": currency,
                "status": status,
                "reason": reason,
                "refunded_cents": refunded_cents,
                "disputed_cents": disputed_cents,
                "credits_taken_back": credits_taken_back,
                "created_at": created_at,
                "completed_at": completed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        package_id = d.pop("package_id")

        credits_ = d.pop("credits")

        amount_cents = d.pop("amount_cents")

        currency = d.pop("currency")

        status = d.pop("status")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        refunded_cents = d.pop("refunded_cents")

        disputed_cents = d.pop("disputed_cents")

        credits_taken_back = d.pop("credits_taken_back")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_completed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                completed_at_type_0 = datetime.datetime.fromisoformat(data)

                return completed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        completed_at = _parse_completed_at(d.pop("completed_at"))

        payment_out = cls(
            id=id,
            package_id=package_id,
            credits_=credits_,
            amount_cents=amount_cents,
            currency=currency,
            status=status,
            reason=reason,
            refunded_cents=refunded_cents,
            disputed_cents=disputed_cents,
            credits_taken_back=credits_taken_back,
            created_at=created_at,
            completed_at=completed_at,
        )

        payment_out.additional_properties = d
        return payment_out

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

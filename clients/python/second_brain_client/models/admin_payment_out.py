from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AdminPaymentOut")


@_attrs_define
class AdminPaymentOut:
    """One order, with its names at Stripe.

    Attributes:
        id (UUID):
        user_id (UUID):
        package_id (str):
        credits_ (int):
        amount_cents (int):
        currency (str):
        livemode (bool):
        status (str):
        reason (None | str):
        refunded_cents (int):
        disputed_cents (int):
        credits_taken_back (int):
        stripe_session_id (None | str):
        stripe_payment_intent_id (None | str):
        stripe_customer_id (str):
        created_at (datetime.datetime):
        completed_at (datetime.datetime | None):
    """

    id: UUID
    user_id: UUID
    package_id: str
    credits_: int
    amount_cents: int
    currency: str
    livemode: bool
    status: str
    reason: None | str
    refunded_cents: int
    disputed_cents: int
    credits_taken_back: int
    stripe_session_id: None | str
    stripe_payment_intent_id: None | str
    stripe_customer_id: str
    created_at: datetime.datetime
    completed_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        user_id = str(self.user_id)

        package_id = self.package_id

        credits_ = self.credits_

        amount_cents = self.amount_cents

        currency = self.currency

        livemode = self.livemode

        status = self.status

        reason: None | str
        reason = self.reason

        refunded_cents = self.refunded_cents

        disputed_cents = self.disputed_cents

        credits_taken_back = self.credits_taken_back

        stripe_session_id: None | str
        stripe_session_id = self.stripe_session_id

        stripe_payment_intent_id: None | str
        stripe_payment_intent_id = self.stripe_payment_intent_id

        stripe_customer_id = self.stripe_customer_id

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
                "user_id": user_id,
                "package_id": package_id,
                "credits": credits_,
                "amount_cents": amount_cents,
                "currency": currency,
                "livemode": livemode,
                "status": status,
                "reason": reason,
                "refunded_cents": refunded_cents,
                "disputed_cents": disputed_cents,
                "credits_taken_back": credits_taken_back,
                "stripe_session_id": stripe_session_id,
                "stripe_payment_intent_id": stripe_payment_intent_id,
                "stripe_customer_id": stripe_customer_id,
                "created_at": created_at,
                "completed_at": completed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        user_id = UUID(d.pop("user_id"))

        package_id = d.pop("package_id")

        credits_ = d.pop("credits")

        amount_cents = d.pop("amount_cents")

        currency = d.pop("currency")

        livemode = d.pop("livemode")

        status = d.pop("status")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        refunded_cents = d.pop("refunded_cents")

        disputed_cents = d.pop("disputed_cents")

        credits_taken_back = d.pop("credits_taken_back")

        def _parse_stripe_session_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        stripe_session_id = _parse_stripe_session_id(d.pop("stripe_session_id"))

        def _parse_stripe_payment_intent_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        stripe_payment_intent_id = _parse_stripe_payment_intent_id(d.pop("stripe_payment_intent_id"))

        stripe_customer_id = d.pop("stripe_customer_id")

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

        admin_payment_out = cls(
            id=id,
            user_id=user_id,
            package_id=package_id,
            credits_=credits_,
            amount_cents=amount_cents,
            currency=currency,
            livemode=livemode,
            status=status,
            reason=reason,
            refunded_cents=refunded_cents,
            disputed_cents=disputed_cents,
            credits_taken_back=credits_taken_back,
            stripe_session_id=stripe_session_id,
            stripe_payment_intent_id=stripe_payment_intent_id,
            stripe_customer_id=stripe_customer_id,
            created_at=created_at,
            completed_at=completed_at,
        )

        admin_payment_out.additional_properties = d
        return admin_payment_out

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

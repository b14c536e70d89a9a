from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.credit_move_out import CreditMoveOut
    from ..models.receipt_step_out import ReceiptStepOut


T = TypeVar("T", bound="ReceiptOut")


@_attrs_define
class ReceiptOut:
    """GET /api/sessions/{session_id}/receipt. `unpriced` calls cost something on top of `cost_cents`.

    Attributes:
        session_id (UUID):
        steps (list[ReceiptStepOut]):
        cost_cents (float):
        unpriced (int):
        debits (list[CreditMoveOut]):
        refunds (list[CreditMoveOut]):
        credits_charged (int):
    """

    session_id: UUID
    steps: list[ReceiptStepOut]
    cost_cents: float
    unpriced: int
    debits: list[CreditMoveOut]
    refunds: list[CreditMoveOut]
    credits_charged: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = str(self.session_id)

        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)

        cost_cents = self.cost_cents

        unpriced = self.unpriced

        debits = []
        for debits_item_data in self.debits:
            debits_item = debits_item_data.to_dict()
            debits.append(debits_item)

        refunds = []
        for refunds_item_data in self.refunds:
            refunds_item = refunds_item_data.to_dict()
            refunds.append(refunds_item)

        credits_charged = self.credits_charged

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "steps": steps,
                "cost_cents": cost_cents,
                "unpriced": unpriced,
                "debits": debits,
                "refunds": refunds,
                "credits_charged": credits_charged,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.credit_move_out import CreditMoveOut  # noqa: PLC0415
        from ..models.receipt_step_out import ReceiptStepOut  # noqa: PLC0415

        d = dict(src_dict)
        session_id = UUID(d.pop("session_id"))

        steps = []
        _steps = d.pop("steps")
        for steps_item_data in _steps:
            steps_item = ReceiptStepOut.from_dict(steps_item_data)

            steps.append(steps_item)

        cost_cents = d.pop("cost_cents")

        unpriced = d.pop("unpriced")

        debits = []
        _debits = d.pop("debits")
        for debits_item_data in _debits:
            debits_item = CreditMoveOut.from_dict(debits_item_data)

            debits.append(debits_item)

        refunds = []
        _refunds = d.pop("refunds")
        for refunds_item_data in _refunds:
            refunds_item = CreditMoveOut.from_dict(refunds_item_data)

            refunds.append(refunds_item)

        credits_charged = d.pop("credits_charged")

        receipt_out = cls(
            session_id=session_id,
            steps=steps,
            cost_cents=cost_cents,
            unpriced=unpriced,
            debits=debits,
            refunds=refunds,
            credits_charged=credits_charged,
        )

        receipt_out.additional_properties = d
        return receipt_out

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

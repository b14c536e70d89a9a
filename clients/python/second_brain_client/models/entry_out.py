from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="EntryOut")


@_attrs_define
class EntryOut:
    """One row of the ledger. The debt is what was taken back of a purchase after it was spent.

    Attributes:
        id (UUID):
        delta (int):
        balance_after (int):
        debt_delta (int):
        debt_after (int):
        reason (str):
        ref (str):
        created_at (datetime.datetime):
    """

    id: UUID
    delta: int
    balance_after: int
    debt_delta: int
    debt_after: int
    reason: str
    ref: str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        delta = self.delta

        balance_after = self.balance_after

        debt_delta = self.debt_delta

        debt_after = self.debt_after

        reason = self.reason

        ref = self.ref

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "delta": delta,
                "balance_after": balance_after,
                "debt_delta": debt_delta,
                "debt_after": debt_after,
                "reason": reason,
                "ref": ref,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        delta = d.pop("delta")

        balance_after = d.pop("balance_after")

        debt_delta = d.pop("debt_delta")

        debt_after = d.pop("debt_after")

        reason = d.pop("reason")

        ref = d.pop("ref")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        entry_out = cls(
            id=id,
            delta=delta,
            balance_after=balance_after,
            debt_delta=debt_delta,
            debt_after=debt_after,
            reason=reason,
            ref=ref,
            created_at=created_at,
        )

        entry_out.additional_properties = d
        return entry_out

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

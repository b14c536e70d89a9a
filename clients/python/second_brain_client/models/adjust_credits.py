from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="AdjustCredits")


@_attrs_define
class AdjustCredits:
    """POST /api/admin/users/{user_id}/credits. The `id` is made by the caller: a repeat adjusts nothing twice.

    Attributes:
        id (UUID):
        credits_ (int):
        reason (str):
    """

    id: UUID
    credits_: int
    reason: str

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        credits_ = self.credits_

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "credits": credits_,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        credits_ = d.pop("credits")

        reason = d.pop("reason")

        adjust_credits = cls(
            id=id,
            credits_=credits_,
            reason=reason,
        )

        return adjust_credits

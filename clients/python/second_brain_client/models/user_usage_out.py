from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UserUsageOut")


@_attrs_define
class UserUsageOut:
    """All calls for one user.

    Attributes:
        user_id (UUID):
        calls (int):
        tokens (int):
        audio_seconds (float):
        cost_cents (float):
    """

    user_id: UUID
    calls: int
    tokens: int
    audio_seconds: float
    cost_cents: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        user_id = str(self.user_id)

        calls = self.calls

        tokens = self.tokens

        audio_seconds = self.audio_seconds

        cost_cents = self.cost_cents

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "user_id": user_id,
                "calls": calls,
                "tokens": tokens,
                "audio_seconds": audio_seconds,
                "cost_cents": cost_cents,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        user_id = UUID(d.pop("user_id"))

        calls = d.pop("calls")

        tokens = d.pop("tokens")

        audio_seconds = d.pop("audio_seconds")

        cost_cents = d.pop("cost_cents")

        user_usage_out = cls(
            user_id=user_id,
            calls=calls,
            tokens=tokens,
            audio_seconds=audio_seconds,
            cost_cents=cost_cents,
        )

        user_usage_out.additional_properties = d
        return user_usage_out

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

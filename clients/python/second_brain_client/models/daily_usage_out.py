from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DailyUsageOut")


@_attrs_define
class DailyUsageOut:
    """Calls of one kind on one day (UTC). `unpriced` calls cost something on top of `cost_cents`.

    Attributes:
        day (datetime.date):
        provider (str):
        model (str):
        operation (str):
        calls (int):
        tokens (int):
        audio_seconds (float):
        cost_cents (float):
        unpriced (int):
    """

    day: datetime.date
    provider: str
    model: str
    operation: str
    calls: int
    tokens: int
    audio_seconds: float
    cost_cents: float
    unpriced: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        day = self.day.isoformat()

        provider = self.provider

        model = self.model

        operation = self.operation

        calls = self.calls

        tokens = self.tokens

        audio_seconds = self.audio_seconds

        cost_cents = self.cost_cents

        unpriced = self.unpriced

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "day": day,
                "provider": provider,
                "model": model,
                "operation": operation,
                "calls": calls,
                "tokens": tokens,
                "audio_seconds": audio_seconds,
                "cost_cents": cost_cents,
                "unpriced": unpriced,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        day = datetime.date.fromisoformat(d.pop("day"))

        provider = d.pop("provider")

        model = d.pop("model")

        operation = d.pop("operation")

        calls = d.pop("calls")

        tokens = d.pop("tokens")

        audio_seconds = d.pop("audio_seconds")

        cost_cents = d.pop("cost_cents")

        unpriced = d.pop("unpriced")

        daily_usage_out = cls(
            day=day,
            provider=provider,
            model=model,
            operation=operation,
            calls=calls,
            tokens=tokens,
            audio_seconds=audio_seconds,
            cost_cents=cost_cents,
            unpriced=unpriced,
        )

        daily_usage_out.additional_properties = d
        return daily_usage_out

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

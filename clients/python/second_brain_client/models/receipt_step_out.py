from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ReceiptStepOut")


@_attrs_define
class ReceiptStepOut:
    """One call to a provider. `cost_cents` is null when its price is not known.

    Attributes:
        kind (str):
        state (str):
        provider (str):
        model (str):
        operation (str):
        input_tokens (int):
        cached_input_tokens (int):
        output_tokens (int):
        audio_seconds (float):
        cost_cents (float | None):
        at (datetime.datetime):
    """

    kind: str
    state: str
    provider: str
    model: str
    operation: str
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    audio_seconds: float
    cost_cents: float | None
    at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind

        state = self.state

        provider = self.provider

        model = self.model

        operation = self.operation

        input_tokens = self.input_tokens

        cached_input_tokens = self.cached_input_tokens

        output_tokens = self.output_tokens

        audio_seconds = self.audio_seconds

        cost_cents: float | None
        cost_cents = self.cost_cents

        at = self.at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "state": state,
                "provider": provider,
                "model": model,
                "operation": operation,
                "input_tokens": input_tokens,
                "cached_input_tokens": cached_input_tokens,
                "output_tokens": output_tokens,
                "audio_seconds": audio_seconds,
                "cost_cents": cost_cents,
                "at": at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = d.pop("kind")

        state = d.pop("state")

        provider = d.pop("provider")

        model = d.pop("model")

        operation = d.pop("operation")

        input_tokens = d.pop("input_tokens")

        cached_input_tokens = d.pop("cached_input_tokens")

        output_tokens = d.pop("output_tokens")

        audio_seconds = d.pop("audio_seconds")

        def _parse_cost_cents(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cost_cents = _parse_cost_cents(d.pop("cost_cents"))

        at = datetime.datetime.fromisoformat(d.pop("at"))

        receipt_step_out = cls(
            kind=kind,
            state=state,
            provider=provider,
            model=model,
            operation=operation,
            input_tokens=input_tokens,
            cached_input_tokens=cached_input_tokens,
            output_tokens=output_tokens,
            audio_seconds=audio_seconds,
            cost_cents=cost_cents,
            at=at,
        )

        receipt_step_out.additional_properties = d
        return receipt_step_out

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

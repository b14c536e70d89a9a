from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SwitchProvider")


@_attrs_define
class SwitchProvider:
    """POST /api/admin/providers/switch.

    Attributes:
        provider (str):
        on (bool):
        reason (str):
    """

    provider: str
    on: bool
    reason: str

    def to_dict(self) -> dict[str, Any]:
        provider = self.provider

        on = self.on

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "provider": provider,
                "on": on,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider = d.pop("provider")

        on = d.pop("on")

        reason = d.pop("reason")

        switch_provider = cls(
            provider=provider,
            on=on,
            reason=reason,
        )

        return switch_provider

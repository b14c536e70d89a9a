from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BreakerOut")


@_attrs_define
class BreakerOut:
    """A provider that is not asked for a capability until then.

    Attributes:
        provider (str):
        capability (str):
        failures (int):
        opened_until (datetime.datetime):
    """

    provider: str
    capability: str
    failures: int
    opened_until: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = self.provider

        capability = self.capability

        failures = self.failures

        opened_until = self.opened_until.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
                "capability": capability,
                "failures": failures,
                "opened_until": opened_until,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider = d.pop("provider")

        capability = d.pop("capability")

        failures = d.pop("failures")

        opened_until = datetime.datetime.fromisoformat(d.pop("opened_until"))

        breaker_out = cls(
            provider=provider,
            capability=capability,
            failures=failures,
            opened_until=opened_until,
        )

        breaker_out.additional_properties = d
        return breaker_out

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

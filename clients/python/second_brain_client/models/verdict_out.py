from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.thing_kind import ThingKind

T = TypeVar("T", bound="VerdictOut")


@_attrs_define
class VerdictOut:
    """What we have of an item. `verified_by` is the strongest fact about its bytes that is the phone's and ours.

    Attributes:
        id (UUID):
        type_ (ThingKind): What a phone keeps a copy of.
        state (str):
        reason (None | str):
        verified_by (None | str):
    """

    id: UUID
    type_: ThingKind
    state: str
    reason: None | str
    verified_by: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        type_ = self.type_.value

        state = self.state

        reason: None | str
        reason = self.reason

        verified_by: None | str
        verified_by = self.verified_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "type": type_,
                "state": state,
                "reason": reason,
                "verified_by": verified_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        type_ = ThingKind(d.pop("type"))

        state = d.pop("state")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_verified_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        verified_by = _parse_verified_by(d.pop("verified_by"))

        verdict_out = cls(
            id=id,
            type_=type_,
            state=state,
            reason=reason,
            verified_by=verified_by,
        )

        verdict_out.additional_properties = d
        return verdict_out

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

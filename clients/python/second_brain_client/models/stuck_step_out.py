from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StuckStepOut")


@_attrs_define
class StuckStepOut:
    """A step that nothing moves. Its `correlation_id` finds it in the log.

    Attributes:
        id (UUID):
        user_id (UUID):
        session_id (UUID):
        kind (str):
        state (str):
        reason (None | str):
        attempts (int):
        age_seconds (float):
        correlation_id (None | str):
    """

    id: UUID
    user_id: UUID
    session_id: UUID
    kind: str
    state: str
    reason: None | str
    attempts: int
    age_seconds: float
    correlation_id: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        user_id = str(self.user_id)

        session_id = str(self.session_id)

        kind = self.kind

        state = self.state

        reason: None | str
        reason = self.reason

        attempts = self.attempts

        age_seconds = self.age_seconds

        correlation_id: None | str
        correlation_id = self.correlation_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_id": user_id,
                "session_id": session_id,
                "kind": kind,
                "state": state,
                "reason": reason,
                "attempts": attempts,
                "age_seconds": age_seconds,
                "correlation_id": correlation_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        user_id = UUID(d.pop("user_id"))

        session_id = UUID(d.pop("session_id"))

        kind = d.pop("kind")

        state = d.pop("state")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        attempts = d.pop("attempts")

        age_seconds = d.pop("age_seconds")

        def _parse_correlation_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        correlation_id = _parse_correlation_id(d.pop("correlation_id"))

        stuck_step_out = cls(
            id=id,
            user_id=user_id,
            session_id=session_id,
            kind=kind,
            state=state,
            reason=reason,
            attempts=attempts,
            age_seconds=age_seconds,
            correlation_id=correlation_id,
        )

        stuck_step_out.additional_properties = d
        return stuck_step_out

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.step_kind import StepKind
from ..models.step_state import StepState

T = TypeVar("T", bound="JobStepOut")


@_attrs_define
class JobStepOut:
    """A step of a job. Its `correlation_id` finds it in the log.

    Attributes:
        id (UUID):
        kind (StepKind): What a step does.
        state (StepState): Where a step stands: waiting -> ready -> running -> completed | skipped | failed (running ->
            ready on retry).
        reason (None | str):
        attempts (int):
        provider (None | str):
        model (None | str):
        changed_at (datetime.datetime):
        correlation_id (None | str):
    """

    id: UUID
    kind: StepKind
    state: StepState
    reason: None | str
    attempts: int
    provider: None | str
    model: None | str
    changed_at: datetime.datetime
    correlation_id: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        kind = self.kind.value

        state = self.state.value

        reason: None | str
        reason = self.reason

        attempts = self.attempts

        provider: None | str
        provider = self.provider

        model: None | str
        model = self.model

        changed_at = self.changed_at.isoformat()

        correlation_id: None | str
        correlation_id = self.correlation_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "state": state,
                "reason": reason,
                "attempts": attempts,
                "provider": provider,
                "model": model,
                "changed_at": changed_at,
                "correlation_id": correlation_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = StepKind(d.pop("kind"))

        state = StepState(d.pop("state"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        attempts = d.pop("attempts")

        def _parse_provider(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider = _parse_provider(d.pop("provider"))

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        changed_at = datetime.datetime.fromisoformat(d.pop("changed_at"))

        def _parse_correlation_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        correlation_id = _parse_correlation_id(d.pop("correlation_id"))

        job_step_out = cls(
            id=id,
            kind=kind,
            state=state,
            reason=reason,
            attempts=attempts,
            provider=provider,
            model=model,
            changed_at=changed_at,
            correlation_id=correlation_id,
        )

        job_step_out.additional_properties = d
        return job_step_out

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

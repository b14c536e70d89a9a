from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_status import JobStatus

if TYPE_CHECKING:
    from ..models.job_step_out import JobStepOut


T = TypeVar("T", bound="JobOut")


@_attrs_define
class JobOut:
    """A job; `age_seconds` until it ended, or now. Of its steps, the first fifty.

    Attributes:
        id (UUID):
        user_id (UUID):
        session_id (UUID):
        kind (str):
        status (JobStatus): Where a job stands.
        reason (None | str):
        credits_used (int):
        age_seconds (float):
        created_at (datetime.datetime):
        completed_at (datetime.datetime | None):
        steps (list[JobStepOut]):
    """

    id: UUID
    user_id: UUID
    session_id: UUID
    kind: str
    status: JobStatus
    reason: None | str
    credits_used: int
    age_seconds: float
    created_at: datetime.datetime
    completed_at: datetime.datetime | None
    steps: list[JobStepOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        user_id = str(self.user_id)

        session_id = str(self.session_id)

        kind = self.kind

        status = self.status.value

        reason: None | str
        reason = self.reason

        credits_used = self.credits_used

        age_seconds = self.age_seconds

        created_at = self.created_at.isoformat()

        completed_at: None | str
        if isinstance(self.completed_at, datetime.datetime):
            completed_at = self.completed_at.isoformat()
        else:
            completed_at = self.completed_at

        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_id": user_id,
                "session_id": session_id,
                "kind": kind,
                "status": status,
                "reason": reason,
                "credits_used": credits_used,
                "age_seconds": age_seconds,
                "created_at": created_at,
                "completed_at": completed_at,
                "steps": steps,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_step_out import JobStepOut  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        user_id = UUID(d.pop("user_id"))

        session_id = UUID(d.pop("session_id"))

        kind = d.pop("kind")

        status = JobStatus(d.pop("status"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        credits_used = d.pop("credits_used")

        age_seconds = d.pop("age_seconds")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_completed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                completed_at_type_0 = datetime.datetime.fromisoformat(data)

                return completed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        completed_at = _parse_completed_at(d.pop("completed_at"))

        steps = []
        _steps = d.pop("steps")
        for steps_item_data in _steps:
            steps_item = JobStepOut.from_dict(steps_item_data)

            steps.append(steps_item)

        job_out = cls(
            id=id,
            user_id=user_id,
            session_id=session_id,
            kind=kind,
            status=status,
            reason=reason,
            credits_used=credits_used,
            age_seconds=age_seconds,
            created_at=created_at,
            completed_at=completed_at,
            steps=steps,
        )

        job_out.additional_properties = d
        return job_out

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

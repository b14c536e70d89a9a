from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.job_out import JobOut
    from ..models.user_facts_out_sessions import UserFactsOutSessions
    from ..models.user_out import UserOut


T = TypeVar("T", bound="UserFactsOut")


@_attrs_define
class UserFactsOut:
    """One user: `sessions` counts them by status, `jobs` are the latest. Nothing they said, wrote or named.

    Attributes:
        user (UserOut): A user from outside.
        sessions (UserFactsOutSessions):
        jobs (list[JobOut]):
    """

    user: UserOut
    sessions: UserFactsOutSessions
    jobs: list[JobOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        user = self.user.to_dict()

        sessions = self.sessions.to_dict()

        jobs = []
        for jobs_item_data in self.jobs:
            jobs_item = jobs_item_data.to_dict()
            jobs.append(jobs_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "user": user,
                "sessions": sessions,
                "jobs": jobs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_out import JobOut  # noqa: PLC0415
        from ..models.user_facts_out_sessions import UserFactsOutSessions  # noqa: PLC0415
        from ..models.user_out import UserOut  # noqa: PLC0415

        d = dict(src_dict)
        user = UserOut.from_dict(d.pop("user"))

        sessions = UserFactsOutSessions.from_dict(d.pop("sessions"))

        jobs = []
        _jobs = d.pop("jobs")
        for jobs_item_data in _jobs:
            jobs_item = JobOut.from_dict(jobs_item_data)

            jobs.append(jobs_item)

        user_facts_out = cls(
            user=user,
            sessions=sessions,
            jobs=jobs,
        )

        user_facts_out.additional_properties = d
        return user_facts_out

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

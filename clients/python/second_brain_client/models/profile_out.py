from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.pushes_out import PushesOut


T = TypeVar("T", bound="ProfileOut")


@_attrs_define
class ProfileOut:
    """GET /api/me. `debt`: credits that money went back for after they were spent; the next ones pay it first.

    Attributes:
        email (None | str):
        credits_ (int):
        debt (int):
        preferred_language (str):
        time_zone (str):
        notifications (PushesOut): What the user is told by a push.
        created_at (datetime.datetime):
    """

    email: None | str
    credits_: int
    debt: int
    preferred_language: str
    time_zone: str
    notifications: PushesOut
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        email: None | str
        email = self.email

        credits_ = self.credits_

        debt = self.debt

        preferred_language = self.preferred_language

        time_zone = self.time_zone

        notifications = self.notifications.to_dict()

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "email": email,
                "credits": credits_,
                "debt": debt,
                "preferred_language": preferred_language,
                "time_zone": time_zone,
                "notifications": notifications,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pushes_out import PushesOut  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_email(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        email = _parse_email(d.pop("email"))

        credits_ = d.pop("credits")

        debt = d.pop("debt")

        preferred_language = d.pop("preferred_language")

        time_zone = d.pop("time_zone")

        notifications = PushesOut.from_dict(d.pop("notifications"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        profile_out = cls(
            email=email,
            credits_=credits_,
            debt=debt,
            preferred_language=preferred_language,
            time_zone=time_zone,
            notifications=notifications,
            created_at=created_at,
        )

        profile_out.additional_properties = d
        return profile_out

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

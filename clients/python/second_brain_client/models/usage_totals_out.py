from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.daily_usage_out import DailyUsageOut
    from ..models.user_usage_out import UserUsageOut


T = TypeVar("T", bound="UsageTotalsOut")


@_attrs_define
class UsageTotalsOut:
    """What was used between two moments, and by the twenty users for whom it cost most.

    Attributes:
        used_from (datetime.datetime):
        used_to (datetime.datetime):
        days (list[DailyUsageOut]):
        users (list[UserUsageOut]):
    """

    used_from: datetime.datetime
    used_to: datetime.datetime
    days: list[DailyUsageOut]
    users: list[UserUsageOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        used_from = self.used_from.isoformat()

        used_to = self.used_to.isoformat()

        days = []
        for days_item_data in self.days:
            days_item = days_item_data.to_dict()
            days.append(days_item)

        users = []
        for users_item_data in self.users:
            users_item = users_item_data.to_dict()
            users.append(users_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "used_from": used_from,
                "used_to": used_to,
                "days": days,
                "users": users,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.daily_usage_out import DailyUsageOut  # noqa: PLC0415
        from ..models.user_usage_out import UserUsageOut  # noqa: PLC0415

        d = dict(src_dict)
        used_from = datetime.datetime.fromisoformat(d.pop("used_from"))

        used_to = datetime.datetime.fromisoformat(d.pop("used_to"))

        days = []
        _days = d.pop("days")
        for days_item_data in _days:
            days_item = DailyUsageOut.from_dict(days_item_data)

            days.append(days_item)

        users = []
        _users = d.pop("users")
        for users_item_data in _users:
            users_item = UserUsageOut.from_dict(users_item_data)

            users.append(users_item)

        usage_totals_out = cls(
            used_from=used_from,
            used_to=used_to,
            days=days,
            users=users,
        )

        usage_totals_out.additional_properties = d
        return usage_totals_out

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.edit_pushes import EditPushes


T = TypeVar("T", bound="EditProfile")


@_attrs_define
class EditProfile:
    """PATCH /api/me.

    Attributes:
        preferred_language (None | str | Unset):
        time_zone (None | str | Unset):
        notifications (EditPushes | None | Unset):
    """

    preferred_language: None | str | Unset = UNSET
    time_zone: None | str | Unset = UNSET
    notifications: EditPushes | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.edit_pushes import EditPushes  # noqa: PLC0415

        preferred_language: None | str | Unset
        if isinstance(self.preferred_language, Unset):
            preferred_language = UNSET
        else:
            preferred_language = self.preferred_language

        time_zone: None | str | Unset
        if isinstance(self.time_zone, Unset):
            time_zone = UNSET
        else:
            time_zone = self.time_zone

        notifications: dict[str, Any] | None | Unset
        if isinstance(self.notifications, Unset):
            notifications = UNSET
        elif isinstance(self.notifications, EditPushes):
            notifications = self.notifications.to_dict()
        else:
            notifications = self.notifications

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if preferred_language is not UNSET:
            field_dict["preferred_language"] = preferred_language
        if time_zone is not UNSET:
            field_dict["time_zone"] = time_zone
        if notifications is not UNSET:
            field_dict["notifications"] = notifications

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.edit_pushes import EditPushes  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_preferred_language(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        preferred_language = _parse_preferred_language(d.pop("preferred_language", UNSET))

        def _parse_time_zone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        time_zone = _parse_time_zone(d.pop("time_zone", UNSET))

        def _parse_notifications(data: object) -> EditPushes | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                notifications_type_0 = EditPushes.from_dict(data)

                return notifications_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EditPushes | None | Unset, data)

        notifications = _parse_notifications(d.pop("notifications", UNSET))

        edit_profile = cls(
            preferred_language=preferred_language,
            time_zone=time_zone,
            notifications=notifications,
        )

        return edit_profile

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PutDevice")


@_attrs_define
class PutDevice:
    """PUT /api/me/devices/{device_id}: the FCM registration token of one installation of the app.

    Attributes:
        fcm_token (str):
        platform (None | str | Unset):
    """

    fcm_token: str
    platform: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        fcm_token = self.fcm_token

        platform: None | str | Unset
        if isinstance(self.platform, Unset):
            platform = UNSET
        else:
            platform = self.platform

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fcm_token": fcm_token,
            }
        )
        if platform is not UNSET:
            field_dict["platform"] = platform

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        fcm_token = d.pop("fcm_token")

        def _parse_platform(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        platform = _parse_platform(d.pop("platform", UNSET))

        put_device = cls(
            fcm_token=fcm_token,
            platform=platform,
        )

        return put_device

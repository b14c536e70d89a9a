from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UserOut")


@_attrs_define
class UserOut:
    """A user from outside.

    Attributes:
        id (UUID):
        firebase_uid (str):
        email (None | str):
        credits_ (int):
        debt (int):
        preferred_language (str):
        is_administrator (bool):
        disabled_at (datetime.datetime | None):
        created_at (datetime.datetime):
    """

    id: UUID
    firebase_uid: str
    email: None | str
    credits_: int
    debt: int
    preferred_language: str
    is_administrator: bool
    disabled_at: datetime.datetime | None
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        firebase_uid = self.firebase_uid

        email: None | str
        email = self.email

        credits_ = self.credits_

        debt = self.debt

        preferred_language = self.preferred_language

        is_administrator = self.is_administrator

        disabled_at: None | str
        if isinstance(self.disabled_at, datetime.datetime):
            disabled_at = self.disabled_at.isoformat()
        else:
            disabled_at = self.disabled_at

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "firebase_uid": firebase_uid,
                "email": email,
                "credits": credits_,
                "debt": debt,
                "preferred_language": preferred_language,
                "is_administrator": is_administrator,
                "disabled_at": disabled_at,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        firebase_uid = d.pop("firebase_uid")

        def _parse_email(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        email = _parse_email(d.pop("email"))

        credits_ = d.pop("credits")

        debt = d.pop("debt")

        preferred_language = d.pop("preferred_language")

        is_administrator = d.pop("is_administrator")

        def _parse_disabled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disabled_at_type_0 = datetime.datetime.fromisoformat(data)

                return disabled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        disabled_at = _parse_disabled_at(d.pop("disabled_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        user_out = cls(
            id=id,
            firebase_uid=firebase_uid,
            email=email,
            credits_=credits_,
            debt=debt,
            preferred_language=preferred_language,
            is_administrator=is_administrator,
            disabled_at=disabled_at,
            created_at=created_at,
        )

        user_out.additional_properties = d
        return user_out

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

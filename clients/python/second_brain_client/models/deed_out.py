from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.action import Action

if TYPE_CHECKING:
    from ..models.deed_out_details import DeedOutDetails


T = TypeVar("T", bound="DeedOut")


@_attrs_define
class DeedOut:
    """Who did what to whom, why and when. An operator who is no user has an `actor_name` instead of an `actor_id`.

    Attributes:
        id (UUID):
        actor_id (None | UUID):
        actor_name (None | str):
        action (Action): What can be done.
        subject (str):
        user_id (None | UUID):
        reason (str):
        details (DeedOutDetails):
        correlation_id (str):
        created_at (datetime.datetime):
    """

    id: UUID
    actor_id: None | UUID
    actor_name: None | str
    action: Action
    subject: str
    user_id: None | UUID
    reason: str
    details: DeedOutDetails
    correlation_id: str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        actor_id: None | str
        if isinstance(self.actor_id, UUID):
            actor_id = str(self.actor_id)
        else:
            actor_id = self.actor_id

        actor_name: None | str
        actor_name = self.actor_name

        action = self.action.value

        subject = self.subject

        user_id: None | str
        if isinstance(self.user_id, UUID):
            user_id = str(self.user_id)
        else:
            user_id = self.user_id

        reason = self.reason

        details = self.details.to_dict()

        correlation_id = self.correlation_id

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "actor_id": actor_id,
                "actor_name": actor_name,
                "action": action,
                "subject": subject,
                "user_id": user_id,
                "reason": reason,
                "details": details,
                "correlation_id": correlation_id,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deed_out_details import DeedOutDetails  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        def _parse_actor_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                actor_id_type_0 = UUID(data)

                return actor_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        actor_id = _parse_actor_id(d.pop("actor_id"))

        def _parse_actor_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        actor_name = _parse_actor_name(d.pop("actor_name"))

        action = Action(d.pop("action"))

        subject = d.pop("subject")

        def _parse_user_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                user_id_type_0 = UUID(data)

                return user_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        user_id = _parse_user_id(d.pop("user_id"))

        reason = d.pop("reason")

        details = DeedOutDetails.from_dict(d.pop("details"))

        correlation_id = d.pop("correlation_id")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        deed_out = cls(
            id=id,
            actor_id=actor_id,
            actor_name=actor_name,
            action=action,
            subject=subject,
            user_id=user_id,
            reason=reason,
            details=details,
            correlation_id=correlation_id,
            created_at=created_at,
        )

        deed_out.additional_properties = d
        return deed_out

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

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.session_status import SessionStatus

T = TypeVar("T", bound="MovedOut")


@_attrs_define
class MovedOut:
    """What finalizing and processing answer: where the session went.

    Attributes:
        message (str):
        session_id (UUID):
        status (SessionStatus): Where a session stands; the moves between are in docs/architecture.md.
    """

    message: str
    session_id: UUID
    status: SessionStatus
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        message = self.message

        session_id = str(self.session_id)

        status = self.status.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "message": message,
                "session_id": session_id,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        message = d.pop("message")

        session_id = UUID(d.pop("session_id"))

        status = SessionStatus(d.pop("status"))

        moved_out = cls(
            message=message,
            session_id=session_id,
            status=status,
        )

        moved_out.additional_properties = d
        return moved_out

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

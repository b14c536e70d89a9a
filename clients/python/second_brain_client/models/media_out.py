from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MediaOut")


@_attrs_define
class MediaOut:
    """A media file. `reason` says why it was rejected.

    Attributes:
        id (UUID):
        session_id (UUID):
        type_ (str):
        content_type (str):
        size_bytes (int):
        status (str):
        reason (None | str):
        duration_ms (int | None):
        speech_ms (int | None):
        created_at (datetime.datetime):
        uploaded_at (datetime.datetime | None):
    """

    id: UUID
    session_id: UUID
    type_: str
    content_type: str
    size_bytes: int
    status: str
    reason: None | str
    duration_ms: int | None
    speech_ms: int | None
    created_at: datetime.datetime
    uploaded_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        session_id = str(self.session_id)

        type_ = self.type_

        content_type = self.content_type

        size_bytes = self.size_bytes

        status = self.status

        reason: None | str
        reason = self.reason

        duration_ms: int | None
        duration_ms = self.duration_ms

        speech_ms: int | None
        speech_ms = self.speech_ms

        created_at = self.created_at.isoformat()

        uploaded_at: None | str
        if isinstance(self.uploaded_at, datetime.datetime):
            uploaded_at = self.uploaded_at.isoformat()
        else:
            uploaded_at = self.uploaded_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "session_id": session_id,
                "type": type_,
                "content_type": content_type,
                "size_bytes": size_bytes,
                "status": status,
                "reason": reason,
                "duration_ms": duration_ms,
                "speech_ms": speech_ms,
                "created_at": created_at,
                "uploaded_at": uploaded_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        session_id = UUID(d.pop("session_id"))

        type_ = d.pop("type")

        content_type = d.pop("content_type")

        size_bytes = d.pop("size_bytes")

        status = d.pop("status")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_duration_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        duration_ms = _parse_duration_ms(d.pop("duration_ms"))

        def _parse_speech_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        speech_ms = _parse_speech_ms(d.pop("speech_ms"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_uploaded_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                uploaded_at_type_0 = datetime.datetime.fromisoformat(data)

                return uploaded_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        uploaded_at = _parse_uploaded_at(d.pop("uploaded_at"))

        media_out = cls(
            id=id,
            session_id=session_id,
            type_=type_,
            content_type=content_type,
            size_bytes=size_bytes,
            status=status,
            reason=reason,
            duration_ms=duration_ms,
            speech_ms=speech_ms,
            created_at=created_at,
            uploaded_at=uploaded_at,
        )

        media_out.additional_properties = d
        return media_out

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

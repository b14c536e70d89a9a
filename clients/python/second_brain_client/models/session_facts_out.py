from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.session_status import SessionStatus
from ..models.session_type import SessionType

T = TypeVar("T", bound="SessionFactsOut")


@_attrs_define
class SessionFactsOut:
    """A session without title, summary and text.

    Attributes:
        id (UUID):
        user_id (UUID):
        session_type (SessionType): What a session was opened for.
        status (SessionStatus): Where a session stands; the moves between are in docs/architecture.md.
        language (str):
        failure_reason (None | str):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        finalized_at (datetime.datetime | None):
        processed_at (datetime.datetime | None):
    """

    id: UUID
    user_id: UUID
    session_type: SessionType
    status: SessionStatus
    language: str
    failure_reason: None | str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    finalized_at: datetime.datetime | None
    processed_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        user_id = str(self.user_id)

        session_type = self.session_type.value

        status = self.status.value

        language = self.language

        failure_reason: None | str
        failure_reason = self.failure_reason

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        finalized_at: None | str
        if isinstance(self.finalized_at, datetime.datetime):
            finalized_at = self.finalized_at.isoformat()
        else:
            finalized_at = self.finalized_at

        processed_at: None | str
        if isinstance(self.processed_at, datetime.datetime):
            processed_at = self.processed_at.isoformat()
        else:
            processed_at = self.processed_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_id": user_id,
                "session_type": session_type,
                "status": status,
                "language": language,
                "failure_reason": failure_reason,
                "created_at": created_at,
                "updated_at": updated_at,
                "finalized_at": finalized_at,
                "processed_at": processed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        user_id = UUID(d.pop("user_id"))

        session_type = SessionType(d.pop("session_type"))

        status = SessionStatus(d.pop("status"))

        language = d.pop("language")

        def _parse_failure_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        failure_reason = _parse_failure_reason(d.pop("failure_reason"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        def _parse_finalized_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                finalized_at_type_0 = datetime.datetime.fromisoformat(data)

                return finalized_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        finalized_at = _parse_finalized_at(d.pop("finalized_at"))

        def _parse_processed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                processed_at_type_0 = datetime.datetime.fromisoformat(data)

                return processed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        processed_at = _parse_processed_at(d.pop("processed_at"))

        session_facts_out = cls(
            id=id,
            user_id=user_id,
            session_type=session_type,
            status=status,
            language=language,
            failure_reason=failure_reason,
            created_at=created_at,
            updated_at=updated_at,
            finalized_at=finalized_at,
            processed_at=processed_at,
        )

        session_facts_out.additional_properties = d
        return session_facts_out

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

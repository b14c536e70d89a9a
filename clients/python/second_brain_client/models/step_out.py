from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StepOut")


@_attrs_define
class StepOut:
    """A step of the processing. `age_seconds` counts from its last move; `provider_ms` is the time of its provider.

    `due_at`: nobody tries it before, because the provider asked for that, or is not asked at all.

        Attributes:
            id (UUID):
            kind (str):
            state (str):
            age_seconds (float):
            reason (None | str):
            due_at (datetime.datetime | None):
            attempts (int):
            provider (None | str):
            model (None | str):
            provider_ms (int | None):
            media_id (None | UUID):
            block_id (None | UUID):
    """

    id: UUID
    kind: str
    state: str
    age_seconds: float
    reason: None | str
    due_at: datetime.datetime | None
    attempts: int
    provider: None | str
    model: None | str
    provider_ms: int | None
    media_id: None | UUID
    block_id: None | UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        kind = self.kind

        state = self.state

        age_seconds = self.age_seconds

        reason: None | str
        reason = self.reason

        due_at: None | str
        if isinstance(self.due_at, datetime.datetime):
            due_at = self.due_at.isoformat()
        else:
            due_at = self.due_at

        attempts = self.attempts

        provider: None | str
        provider = self.provider

        model: None | str
        model = self.model

        provider_ms: int | None
        provider_ms = self.provider_ms

        media_id: None | str
        if isinstance(self.media_id, UUID):
            media_id = str(self.media_id)
        else:
            media_id = self.media_id

        block_id: None | str
        if isinstance(self.block_id, UUID):
            block_id = str(self.block_id)
        else:
            block_id = self.block_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "state": state,
                "age_seconds": age_seconds,
                "reason": reason,
                "due_at": due_at,
                "attempts": attempts,
                "provider": provider,
                "model": model,
                "provider_ms": provider_ms,
                "media_id": media_id,
                "block_id": block_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = d.pop("kind")

        state = d.pop("state")

        age_seconds = d.pop("age_seconds")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_due_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                due_at_type_0 = datetime.datetime.fromisoformat(data)

                return due_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        due_at = _parse_due_at(d.pop("due_at"))

        attempts = d.pop("attempts")

        def _parse_provider(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider = _parse_provider(d.pop("provider"))

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        def _parse_provider_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        provider_ms = _parse_provider_ms(d.pop("provider_ms"))

        def _parse_media_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                media_id_type_0 = UUID(data)

                return media_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        media_id = _parse_media_id(d.pop("media_id"))

        def _parse_block_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                block_id_type_0 = UUID(data)

                return block_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        block_id = _parse_block_id(d.pop("block_id"))

        step_out = cls(
            id=id,
            kind=kind,
            state=state,
            age_seconds=age_seconds,
            reason=reason,
            due_at=due_at,
            attempts=attempts,
            provider=provider,
            model=model,
            provider_ms=provider_ms,
            media_id=media_id,
            block_id=block_id,
        )

        step_out.additional_properties = d
        return step_out

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.hybrid_result_out_events_item import HybridResultOutEventsItem
    from ..models.mark_out import MarkOut


T = TypeVar("T", bound="HybridResultOut")


@_attrs_define
class HybridResultOut:
    """One chunk of the caller's notes, why it was found, and where its words match.

    Times in ms are from the start of the recording `media_id`. `events` are the periods it speaks of.

        Attributes:
            session_id (UUID):
            block_id (UUID):
            text (str):
            score (float):
            similarity (float | None):
            matched_by (list[str]):
            highlights (list[MarkOut]):
            provider (str):
            start_ms (int | None):
            end_ms (int | None):
            media_id (None | UUID):
            captured_at (datetime.datetime):
            created_at (datetime.datetime):
            events (list[HybridResultOutEventsItem]):
    """

    session_id: UUID
    block_id: UUID
    text: str
    score: float
    similarity: float | None
    matched_by: list[str]
    highlights: list[MarkOut]
    provider: str
    start_ms: int | None
    end_ms: int | None
    media_id: None | UUID
    captured_at: datetime.datetime
    created_at: datetime.datetime
    events: list[HybridResultOutEventsItem]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = str(self.session_id)

        block_id = str(self.block_id)

        text = self.text

        score = self.score

        similarity: float | None
        similarity = self.similarity

        matched_by = self.matched_by

        highlights = []
        for highlights_item_data in self.highlights:
            highlights_item = highlights_item_data.to_dict()
            highlights.append(highlights_item)

        provider = self.provider

        start_ms: int | None
        start_ms = self.start_ms

        end_ms: int | None
        end_ms = self.end_ms

        media_id: None | str
        if isinstance(self.media_id, UUID):
            media_id = str(self.media_id)
        else:
            media_id = self.media_id

        captured_at = self.captured_at.isoformat()

        created_at = self.created_at.isoformat()

        events = []
        for events_item_data in self.events:
            events_item = events_item_data.to_dict()
            events.append(events_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "block_id": block_id,
                "text": text,
                "score": score,
                "similarity": similarity,
                "matched_by": matched_by,
                "highlights": highlights,
                "provider": provider,
                "start_ms": start_ms,
                "end_ms": end_ms,
                "media_id": media_id,
                "captured_at": captured_at,
                "created_at": created_at,
                "events": events,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.hybrid_result_out_events_item import HybridResultOutEventsItem  # noqa: PLC0415
        from ..models.mark_out import MarkOut  # noqa: PLC0415

        d = dict(src_dict)
        session_id = UUID(d.pop("session_id"))

        block_id = UUID(d.pop("block_id"))

        text = d.pop("text")

        score = d.pop("score")

        def _parse_similarity(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        similarity = _parse_similarity(d.pop("similarity"))

        matched_by = cast(list[str], d.pop("matched_by"))

        highlights = []
        _highlights = d.pop("highlights")
        for highlights_item_data in _highlights:
            highlights_item = MarkOut.from_dict(highlights_item_data)

            highlights.append(highlights_item)

        provider = d.pop("provider")

        def _parse_start_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        start_ms = _parse_start_ms(d.pop("start_ms"))

        def _parse_end_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        end_ms = _parse_end_ms(d.pop("end_ms"))

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

        captured_at = datetime.datetime.fromisoformat(d.pop("captured_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        events = []
        _events = d.pop("events")
        for events_item_data in _events:
            events_item = HybridResultOutEventsItem.from_dict(events_item_data)

            events.append(events_item)

        hybrid_result_out = cls(
            session_id=session_id,
            block_id=block_id,
            text=text,
            score=score,
            similarity=similarity,
            matched_by=matched_by,
            highlights=highlights,
            provider=provider,
            start_ms=start_ms,
            end_ms=end_ms,
            media_id=media_id,
            captured_at=captured_at,
            created_at=created_at,
            events=events,
        )

        hybrid_result_out.additional_properties = d
        return hybrid_result_out

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

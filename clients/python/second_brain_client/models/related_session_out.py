from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.because_out import BecauseOut


T = TypeVar("T", bound="RelatedSessionOut")


@_attrs_define
class RelatedSessionOut:
    """Another session that is about the same.

    Attributes:
        session_id (UUID):
        title (None | str):
        created_at (datetime.datetime):
        similarity (float):
        because (BecauseOut): The two passages that are nearest to each other.
    """

    session_id: UUID
    title: None | str
    created_at: datetime.datetime
    similarity: float
    because: BecauseOut
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = str(self.session_id)

        title: None | str
        title = self.title

        created_at = self.created_at.isoformat()

        similarity = self.similarity

        because = self.because.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "title": title,
                "created_at": created_at,
                "similarity": similarity,
                "because": because,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.because_out import BecauseOut  # noqa: PLC0415

        d = dict(src_dict)
        session_id = UUID(d.pop("session_id"))

        def _parse_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title = _parse_title(d.pop("title"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        similarity = d.pop("similarity")

        because = BecauseOut.from_dict(d.pop("because"))

        related_session_out = cls(
            session_id=session_id,
            title=title,
            created_at=created_at,
            similarity=similarity,
            because=because,
        )

        related_session_out.additional_properties = d
        return related_session_out

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

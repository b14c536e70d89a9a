from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.related_session_out import RelatedSessionOut


T = TypeVar("T", bound="RelatedOut")


@_attrs_define
class RelatedOut:
    """The session that was asked about, and those like it, nearest first.

    Attributes:
        session_id (UUID):
        results (list[RelatedSessionOut]):
    """

    session_id: UUID
    results: list[RelatedSessionOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = str(self.session_id)

        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "results": results,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.related_session_out import RelatedSessionOut  # noqa: PLC0415

        d = dict(src_dict)
        session_id = UUID(d.pop("session_id"))

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = RelatedSessionOut.from_dict(results_item_data)

            results.append(results_item)

        related_out = cls(
            session_id=session_id,
            results=results,
        )

        related_out.additional_properties = d
        return related_out

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

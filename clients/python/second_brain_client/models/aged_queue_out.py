from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AgedQueueOut")


@_attrs_define
class AgedQueueOut:
    """A queue, and for how long the oldest step in it has been ready; null where no step is, or the queue has none.

    Attributes:
        name (str):
        visible (int | None):
        in_flight (int | None):
        delayed (int | None):
        dead_letters (int | None):
        oldest_seconds (float | None):
    """

    name: str
    visible: int | None
    in_flight: int | None
    delayed: int | None
    dead_letters: int | None
    oldest_seconds: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        visible: int | None
        visible = self.visible

        in_flight: int | None
        in_flight = self.in_flight

        delayed: int | None
        delayed = self.delayed

        dead_letters: int | None
        dead_letters = self.dead_letters

        oldest_seconds: float | None
        oldest_seconds = self.oldest_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "visible": visible,
                "in_flight": in_flight,
                "delayed": delayed,
                "dead_letters": dead_letters,
                "oldest_seconds": oldest_seconds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        def _parse_visible(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        visible = _parse_visible(d.pop("visible"))

        def _parse_in_flight(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        in_flight = _parse_in_flight(d.pop("in_flight"))

        def _parse_delayed(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        delayed = _parse_delayed(d.pop("delayed"))

        def _parse_dead_letters(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        dead_letters = _parse_dead_letters(d.pop("dead_letters"))

        def _parse_oldest_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        oldest_seconds = _parse_oldest_seconds(d.pop("oldest_seconds"))

        aged_queue_out = cls(
            name=name,
            visible=visible,
            in_flight=in_flight,
            delayed=delayed,
            dead_letters=dead_letters,
            oldest_seconds=oldest_seconds,
        )

        aged_queue_out.additional_properties = d
        return aged_queue_out

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

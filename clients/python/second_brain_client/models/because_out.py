from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.passage_out import PassageOut


T = TypeVar("T", bound="BecauseOut")


@_attrs_define
class BecauseOut:
    """The two passages that are nearest to each other.

    Attributes:
        mine (PassageOut): A passage of a session; `start_ms` from the start of the recording `media_id`.
        theirs (PassageOut): A passage of a session; `start_ms` from the start of the recording `media_id`.
    """

    mine: PassageOut
    theirs: PassageOut
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        mine = self.mine.to_dict()

        theirs = self.theirs.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "mine": mine,
                "theirs": theirs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.passage_out import PassageOut  # noqa: PLC0415

        d = dict(src_dict)
        mine = PassageOut.from_dict(d.pop("mine"))

        theirs = PassageOut.from_dict(d.pop("theirs"))

        because_out = cls(
            mine=mine,
            theirs=theirs,
        )

        because_out.additional_properties = d
        return because_out

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

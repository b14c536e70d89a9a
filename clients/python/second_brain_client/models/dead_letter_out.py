from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.dead_letter_out_ids import DeadLetterOutIds


T = TypeVar("T", bound="DeadLetterOut")


@_attrs_define
class DeadLetterOut:
    """A dead letter: of what it says only ids, by their names; none when it is not a message of ours.

    Attributes:
        message_id (str):
        ids (DeadLetterOutIds):
        receives (int):
        age_seconds (float):
        sent_at (datetime.datetime):
    """

    message_id: str
    ids: DeadLetterOutIds
    receives: int
    age_seconds: float
    sent_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        message_id = self.message_id

        ids = self.ids.to_dict()

        receives = self.receives

        age_seconds = self.age_seconds

        sent_at = self.sent_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "message_id": message_id,
                "ids": ids,
                "receives": receives,
                "age_seconds": age_seconds,
                "sent_at": sent_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dead_letter_out_ids import DeadLetterOutIds  # noqa: PLC0415

        d = dict(src_dict)
        message_id = d.pop("message_id")

        ids = DeadLetterOutIds.from_dict(d.pop("ids"))

        receives = d.pop("receives")

        age_seconds = d.pop("age_seconds")

        sent_at = datetime.datetime.fromisoformat(d.pop("sent_at"))

        dead_letter_out = cls(
            message_id=message_id,
            ids=ids,
            receives=receives,
            age_seconds=age_seconds,
            sent_at=sent_at,
        )

        dead_letter_out.additional_properties = d
        return dead_letter_out

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

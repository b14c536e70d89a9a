from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RedriveDeadLetters")


@_attrs_define
class RedriveDeadLetters:
    """POST /api/admin/dead-letters/redrive.

    Attributes:
        queue (str):
        reason (str):
        limit (int | Unset):  Default: 1000.
    """

    queue: str
    reason: str
    limit: int | Unset = 1000

    def to_dict(self) -> dict[str, Any]:
        queue = self.queue

        reason = self.reason

        limit = self.limit

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "queue": queue,
                "reason": reason,
            }
        )
        if limit is not UNSET:
            field_dict["limit"] = limit

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        queue = d.pop("queue")

        reason = d.pop("reason")

        limit = d.pop("limit", UNSET)

        redrive_dead_letters = cls(
            queue=queue,
            reason=reason,
            limit=limit,
        )

        return redrive_dead_letters

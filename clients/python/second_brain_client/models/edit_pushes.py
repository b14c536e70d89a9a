from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="EditPushes")


@_attrs_define
class EditPushes:
    """What the user wants to be told by a push.

    Attributes:
        processed (bool | None | Unset):
        failed (bool | None | Unset):
        credits_low (bool | None | Unset):
    """

    processed: bool | None | Unset = UNSET
    failed: bool | None | Unset = UNSET
    credits_low: bool | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        processed: bool | None | Unset
        if isinstance(self.processed, Unset):
            processed = UNSET
        else:
            processed = self.processed

        failed: bool | None | Unset
        if isinstance(self.failed, Unset):
            failed = UNSET
        else:
            failed = self.failed

        credits_low: bool | None | Unset
        if isinstance(self.credits_low, Unset):
            credits_low = UNSET
        else:
            credits_low = self.credits_low

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if processed is not UNSET:
            field_dict["processed"] = processed
        if failed is not UNSET:
            field_dict["failed"] = failed
        if credits_low is not UNSET:
            field_dict["credits_low"] = credits_low

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_processed(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        processed = _parse_processed(d.pop("processed", UNSET))

        def _parse_failed(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        failed = _parse_failed(d.pop("failed", UNSET))

        def _parse_credits_low(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        credits_low = _parse_credits_low(d.pop("credits_low", UNSET))

        edit_pushes = cls(
            processed=processed,
            failed=failed,
            credits_low=credits_low,
        )

        return edit_pushes

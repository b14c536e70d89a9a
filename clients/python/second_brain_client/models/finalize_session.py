from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="FinalizeSession")


@_attrs_define
class FinalizeSession:
    """POST /api/sessions/{session_id}/finalize. `ai: false` keeps the session as it is.

    Attributes:
        ai (bool | Unset):  Default: True.
    """

    ai: bool | Unset = True

    def to_dict(self) -> dict[str, Any]:
        ai = self.ai

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if ai is not UNSET:
            field_dict["ai"] = ai

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ai = d.pop("ai", UNSET)

        finalize_session = cls(
            ai=ai,
        )

        return finalize_session

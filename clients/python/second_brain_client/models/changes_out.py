from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.change_out import ChangeOut
    from ..models.tombstone_out import TombstoneOut


T = TypeVar("T", bound="ChangesOut")


@_attrs_define
class ChangesOut:
    """Some changes. `next_cursor` is always there: ask with it at once while `has_more`, later when not.

    Attributes:
        changes (list[ChangeOut | TombstoneOut]):
        next_cursor (str):
        has_more (bool):
    """

    changes: list[ChangeOut | TombstoneOut]
    next_cursor: str
    has_more: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.change_out import ChangeOut  # noqa: PLC0415

        changes = []
        for changes_item_data in self.changes:
            changes_item: dict[str, Any]
            if isinstance(changes_item_data, ChangeOut):
                changes_item = changes_item_data.to_dict()
            else:
                changes_item = changes_item_data.to_dict()

            changes.append(changes_item)

        next_cursor = self.next_cursor

        has_more = self.has_more

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "changes": changes,
                "next_cursor": next_cursor,
                "has_more": has_more,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.change_out import ChangeOut  # noqa: PLC0415
        from ..models.tombstone_out import TombstoneOut  # noqa: PLC0415

        d = dict(src_dict)
        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:

            def _parse_changes_item(data: object) -> ChangeOut | TombstoneOut:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    changes_item_type_0 = ChangeOut.from_dict(data)

                    return changes_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                changes_item_type_1 = TombstoneOut.from_dict(data)

                return changes_item_type_1

            changes_item = _parse_changes_item(changes_item_data)

            changes.append(changes_item)

        next_cursor = d.pop("next_cursor")

        has_more = d.pop("has_more")

        changes_out = cls(
            changes=changes,
            next_cursor=next_cursor,
            has_more=has_more,
        )

        changes_out.additional_properties = d
        return changes_out

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.thing_kind import ThingKind

if TYPE_CHECKING:
    from ..models.block_out import BlockOut
    from ..models.media_out import MediaOut
    from ..models.session_out import SessionOut


T = TypeVar("T", bound="ChangeOut")


@_attrs_define
class ChangeOut:
    """A thing as it is now.

    Attributes:
        kind (ThingKind): What a phone keeps a copy of.
        id (UUID):
        deleted (bool):  Default: False.
        body (BlockOut | MediaOut | SessionOut):
    """

    kind: ThingKind
    id: UUID
    body: BlockOut | MediaOut | SessionOut
    deleted: bool = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.block_out import BlockOut  # noqa: PLC0415
        from ..models.session_out import SessionOut  # noqa: PLC0415

        kind = self.kind.value

        id = str(self.id)

        deleted = self.deleted

        body: dict[str, Any]
        if isinstance(self.body, SessionOut):
            body = self.body.to_dict()
        elif isinstance(self.body, BlockOut):
            body = self.body.to_dict()
        else:
            body = self.body.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "id": id,
                "deleted": deleted,
                "body": body,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.block_out import BlockOut  # noqa: PLC0415
        from ..models.media_out import MediaOut  # noqa: PLC0415
        from ..models.session_out import SessionOut  # noqa: PLC0415

        d = dict(src_dict)
        kind = ThingKind(d.pop("kind"))

        id = UUID(d.pop("id"))

        deleted = d.pop("deleted")

        def _parse_body(data: object) -> BlockOut | MediaOut | SessionOut:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                body_type_0 = SessionOut.from_dict(data)

                return body_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                body_type_1 = BlockOut.from_dict(data)

                return body_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            body_type_2 = MediaOut.from_dict(data)

            return body_type_2

        body = _parse_body(d.pop("body"))

        change_out = cls(
            kind=kind,
            id=id,
            deleted=deleted,
            body=body,
        )

        change_out.additional_properties = d
        return change_out

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

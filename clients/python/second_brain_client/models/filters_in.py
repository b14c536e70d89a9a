from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.filters_in_block_type_type_0 import FiltersInBlockTypeType0
from ..models.filters_in_session_type_type_0 import FiltersInSessionTypeType0
from ..types import UNSET, Unset

T = TypeVar("T", bound="FiltersIn")


@_attrs_define
class FiltersIn:
    """What a search is confined to; `from` up to, and without, `to` is when it was captured.

    Attributes:
        from_ (datetime.datetime | None | Unset):
        to (datetime.datetime | None | Unset):
        session_type (FiltersInSessionTypeType0 | None | Unset):
        session_id (None | Unset | UUID):
        block_type (FiltersInBlockTypeType0 | None | Unset):
    """

    from_: datetime.datetime | None | Unset = UNSET
    to: datetime.datetime | None | Unset = UNSET
    session_type: FiltersInSessionTypeType0 | None | Unset = UNSET
    session_id: None | Unset | UUID = UNSET
    block_type: FiltersInBlockTypeType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from_: None | str | Unset
        if isinstance(self.from_, Unset):
            from_ = UNSET
        elif isinstance(self.from_, datetime.datetime):
            from_ = self.from_.isoformat()
        else:
            from_ = self.from_

        to: None | str | Unset
        if isinstance(self.to, Unset):
            to = UNSET
        elif isinstance(self.to, datetime.datetime):
            to = self.to.isoformat()
        else:
            to = self.to

        session_type: None | str | Unset
        if isinstance(self.session_type, Unset):
            session_type = UNSET
        elif isinstance(self.session_type, FiltersInSessionTypeType0):
            session_type = self.session_type.value
        else:
            session_type = self.session_type

        session_id: None | str | Unset
        if isinstance(self.session_id, Unset):
            session_id = UNSET
        elif isinstance(self.session_id, UUID):
            session_id = str(self.session_id)
        else:
            session_id = self.session_id

        block_type: None | str | Unset
        if isinstance(self.block_type, Unset):
            block_type = UNSET
        elif isinstance(self.block_type, FiltersInBlockTypeType0):
            block_type = self.block_type.value
        else:
            block_type = self.block_type

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if from_ is not UNSET:
            field_dict["from"] = from_
        if to is not UNSET:
            field_dict["to"] = to
        if session_type is not UNSET:
            field_dict["session_type"] = session_type
        if session_id is not UNSET:
            field_dict["session_id"] = session_id
        if block_type is not UNSET:
            field_dict["block_type"] = block_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_from_(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                from_type_0 = datetime.datetime.fromisoformat(data)

                return from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        from_ = _parse_from_(d.pop("from", UNSET))

        def _parse_to(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                to_type_0 = datetime.datetime.fromisoformat(data)

                return to_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        to = _parse_to(d.pop("to", UNSET))

        def _parse_session_type(data: object) -> FiltersInSessionTypeType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                session_type_type_0 = FiltersInSessionTypeType0(data)

                return session_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FiltersInSessionTypeType0 | None | Unset, data)

        session_type = _parse_session_type(d.pop("session_type", UNSET))

        def _parse_session_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                session_id_type_0 = UUID(data)

                return session_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        session_id = _parse_session_id(d.pop("session_id", UNSET))

        def _parse_block_type(data: object) -> FiltersInBlockTypeType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                block_type_type_0 = FiltersInBlockTypeType0(data)

                return block_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FiltersInBlockTypeType0 | None | Unset, data)

        block_type = _parse_block_type(d.pop("block_type", UNSET))

        filters_in = cls(
            from_=from_,
            to=to,
            session_type=session_type,
            session_id=session_id,
            block_type=block_type,
        )

        return filters_in

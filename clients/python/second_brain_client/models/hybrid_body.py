from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.filters_in import FiltersIn


T = TypeVar("T", bound="HybridBody")


@_attrs_define
class HybridBody:
    """POST /api/search. `language` and `time_zone` are those of the question; without them, the caller's own.

    Attributes:
        query (str):
        limit (int | Unset):  Default: 10.
        cursor (None | str | Unset):
        filters (FiltersIn | Unset): What a search is confined to; `from` up to, and without, `to` is when it was
            captured.
        threshold (float | Unset):  Default: 0.7.
        language (None | str | Unset):
        time_zone (None | str | Unset):
    """

    query: str
    limit: int | Unset = 10
    cursor: None | str | Unset = UNSET
    filters: FiltersIn | Unset = UNSET
    threshold: float | Unset = 0.7
    language: None | str | Unset = UNSET
    time_zone: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        query = self.query

        limit = self.limit

        cursor: None | str | Unset
        if isinstance(self.cursor, Unset):
            cursor = UNSET
        else:
            cursor = self.cursor

        filters: dict[str, Any] | Unset = UNSET
        if not isinstance(self.filters, Unset):
            filters = self.filters.to_dict()

        threshold = self.threshold

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        else:
            language = self.language

        time_zone: None | str | Unset
        if isinstance(self.time_zone, Unset):
            time_zone = UNSET
        else:
            time_zone = self.time_zone

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "query": query,
            }
        )
        if limit is not UNSET:
            field_dict["limit"] = limit
        if cursor is not UNSET:
            field_dict["cursor"] = cursor
        if filters is not UNSET:
            field_dict["filters"] = filters
        if threshold is not UNSET:
            field_dict["threshold"] = threshold
        if language is not UNSET:
            field_dict["language"] = language
        if time_zone is not UNSET:
            field_dict["time_zone"] = time_zone

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.filters_in import FiltersIn  # noqa: PLC0415

        d = dict(src_dict)
        query = d.pop("query")

        limit = d.pop("limit", UNSET)

        def _parse_cursor(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cursor = _parse_cursor(d.pop("cursor", UNSET))

        _filters = d.pop("filters", UNSET)
        filters: FiltersIn | Unset
        if isinstance(_filters, Unset):
            filters = UNSET
        else:
            filters = FiltersIn.from_dict(_filters)

        threshold = d.pop("threshold", UNSET)

        def _parse_language(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        def _parse_time_zone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        time_zone = _parse_time_zone(d.pop("time_zone", UNSET))

        hybrid_body = cls(
            query=query,
            limit=limit,
            cursor=cursor,
            filters=filters,
            threshold=threshold,
            language=language,
            time_zone=time_zone,
        )

        return hybrid_body

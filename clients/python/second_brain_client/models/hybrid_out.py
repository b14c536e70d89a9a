from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.hybrid_out_period_type_0 import HybridOutPeriodType0
    from ..models.hybrid_result_out import HybridResultOut


T = TypeVar("T", bound="HybridOut")


@_attrs_define
class HybridOut:
    """A page of what answers, best first; `total_results` of all pages. `next_cursor` is null on the last.

    `degraded`: the question could not be understood just now, and only its words were looked for. `period`: what a time
    in the question narrowed the search to.

        Attributes:
            query (str):
            results (list[HybridResultOut]):
            total_results (int):
            next_cursor (None | str):
            degraded (bool):
            period (HybridOutPeriodType0 | None):
    """

    query: str
    results: list[HybridResultOut]
    total_results: int
    next_cursor: None | str
    degraded: bool
    period: HybridOutPeriodType0 | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.hybrid_out_period_type_0 import HybridOutPeriodType0  # noqa: PLC0415

        query = self.query

        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        total_results = self.total_results

        next_cursor: None | str
        next_cursor = self.next_cursor

        degraded = self.degraded

        period: dict[str, Any] | None
        if isinstance(self.period, HybridOutPeriodType0):
            period = self.period.to_dict()
        else:
            period = self.period

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "query": query,
                "results": results,
                "total_results": total_results,
                "next_cursor": next_cursor,
                "degraded": degraded,
                "period": period,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.hybrid_out_period_type_0 import HybridOutPeriodType0  # noqa: PLC0415
        from ..models.hybrid_result_out import HybridResultOut  # noqa: PLC0415

        d = dict(src_dict)
        query = d.pop("query")

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = HybridResultOut.from_dict(results_item_data)

            results.append(results_item)

        total_results = d.pop("total_results")

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        degraded = d.pop("degraded")

        def _parse_period(data: object) -> HybridOutPeriodType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                period_type_0 = HybridOutPeriodType0.from_dict(data)

                return period_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HybridOutPeriodType0 | None, data)

        period = _parse_period(d.pop("period"))

        hybrid_out = cls(
            query=query,
            results=results,
            total_results=total_results,
            next_cursor=next_cursor,
            degraded=degraded,
            period=period,
        )

        hybrid_out.additional_properties = d
        return hybrid_out

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

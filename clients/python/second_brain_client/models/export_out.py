from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.export_out_counts import ExportOutCounts


T = TypeVar("T", bound="ExportOut")


@_attrs_define
class ExportOut:
    """An export. `download_url` is there when it is `ready`; keep it to yourself: whoever has it may use it.

    Attributes:
        export_id (UUID):
        state (str):
        reason (None | str):
        detail (None | str):
        counts (ExportOutCounts):
        size_bytes (int | None):
        sha256 (None | str):
        created_at (datetime.datetime):
        finished_at (datetime.datetime | None):
        expires_at (datetime.datetime | None):
        download_url (None | str):
        download_expires_in (int | None):
    """

    export_id: UUID
    state: str
    reason: None | str
    detail: None | str
    counts: ExportOutCounts
    size_bytes: int | None
    sha256: None | str
    created_at: datetime.datetime
    finished_at: datetime.datetime | None
    expires_at: datetime.datetime | None
    download_url: None | str
    download_expires_in: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        export_id = str(self.export_id)

        state = self.state

        reason: None | str
        reason = self.reason

        detail: None | str
        detail = self.detail

        counts = self.counts.to_dict()

        size_bytes: int | None
        size_bytes = self.size_bytes

        sha256: None | str
        sha256 = self.sha256

        created_at = self.created_at.isoformat()

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        download_url: None | str
        download_url = self.download_url

        download_expires_in: int | None
        download_expires_in = self.download_expires_in

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "export_id": export_id,
                "state": state,
                "reason": reason,
                "detail": detail,
                "counts": counts,
                "size_bytes": size_bytes,
                "sha256": sha256,
                "created_at": created_at,
                "finished_at": finished_at,
                "expires_at": expires_at,
                "download_url": download_url,
                "download_expires_in": download_expires_in,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.export_out_counts import ExportOutCounts  # noqa: PLC0415

        d = dict(src_dict)
        export_id = UUID(d.pop("export_id"))

        state = d.pop("state")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        counts = ExportOutCounts.from_dict(d.pop("counts"))

        def _parse_size_bytes(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        size_bytes = _parse_size_bytes(d.pop("size_bytes"))

        def _parse_sha256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sha256 = _parse_sha256(d.pop("sha256"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_finished_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                finished_at_type_0 = datetime.datetime.fromisoformat(data)

                return finished_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        def _parse_download_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        download_url = _parse_download_url(d.pop("download_url"))

        def _parse_download_expires_in(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        download_expires_in = _parse_download_expires_in(d.pop("download_expires_in"))

        export_out = cls(
            export_id=export_id,
            state=state,
            reason=reason,
            detail=detail,
            counts=counts,
            size_bytes=size_bytes,
            sha256=sha256,
            created_at=created_at,
            finished_at=finished_at,
            expires_at=expires_at,
            download_url=download_url,
            download_expires_in=download_expires_in,
        )

        export_out.additional_properties = d
        return export_out

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.import_upload_out_headers import ImportUploadOutHeaders


T = TypeVar("T", bound="ImportUploadOut")


@_attrs_define
class ImportUploadOut:
    """Where to PUT the ZIP, with exactly these headers; then start the import.

    Attributes:
        import_id (UUID):
        state (str):
        upload_url (str):
        headers (ImportUploadOutHeaders):
        expires_in (int):
    """

    import_id: UUID
    state: str
    upload_url: str
    headers: ImportUploadOutHeaders
    expires_in: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        import_id = str(self.import_id)

        state = self.state

        upload_url = self.upload_url

        headers = self.headers.to_dict()

        expires_in = self.expires_in

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "import_id": import_id,
                "state": state,
                "upload_url": upload_url,
                "headers": headers,
                "expires_in": expires_in,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.import_upload_out_headers import ImportUploadOutHeaders  # noqa: PLC0415

        d = dict(src_dict)
        import_id = UUID(d.pop("import_id"))

        state = d.pop("state")

        upload_url = d.pop("upload_url")

        headers = ImportUploadOutHeaders.from_dict(d.pop("headers"))

        expires_in = d.pop("expires_in")

        import_upload_out = cls(
            import_id=import_id,
            state=state,
            upload_url=upload_url,
            headers=headers,
            expires_in=expires_in,
        )

        import_upload_out.additional_properties = d
        return import_upload_out

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.multipart_out import MultipartOut


T = TypeVar("T", bound="PartsOut")


@_attrs_define
class PartsOut:
    """The same for a file of more than 16 MiB, which goes in parts; `upload_url` and `headers` are null.

    Attributes:
        upload_url (None):
        object_key (str):
        media_id (UUID):
        expires_in (int):
        headers (None):
        multipart (MultipartOut): What is there of a file in parts, and the permissions for the rest. With nothing
            missing, commit.
    """

    upload_url: None
    object_key: str
    media_id: UUID
    expires_in: int
    headers: None
    multipart: MultipartOut
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        upload_url = self.upload_url

        object_key = self.object_key

        media_id = str(self.media_id)

        expires_in = self.expires_in

        headers = self.headers

        multipart = self.multipart.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "upload_url": upload_url,
                "object_key": object_key,
                "media_id": media_id,
                "expires_in": expires_in,
                "headers": headers,
                "multipart": multipart,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.multipart_out import MultipartOut  # noqa: PLC0415

        d = dict(src_dict)
        upload_url = d.pop("upload_url")

        object_key = d.pop("object_key")

        media_id = UUID(d.pop("media_id"))

        expires_in = d.pop("expires_in")

        headers = d.pop("headers")

        multipart = MultipartOut.from_dict(d.pop("multipart"))

        parts_out = cls(
            upload_url=upload_url,
            object_key=object_key,
            media_id=media_id,
            expires_in=expires_in,
            headers=headers,
            multipart=multipart,
        )

        parts_out.additional_properties = d
        return parts_out

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

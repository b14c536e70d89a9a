from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.document_out_components import DocumentOutComponents
    from ..models.document_out_info import DocumentOutInfo
    from ..models.document_out_paths import DocumentOutPaths
    from ..models.document_out_servers_item import DocumentOutServersItem
    from ..models.document_out_tags_item import DocumentOutTagsItem


T = TypeVar("T", bound="DocumentOut")


@_attrs_define
class DocumentOut:
    """GET /api/openapi.json: the parts of a document by OpenAPI 3.1.

    Attributes:
        openapi (str):
        info (DocumentOutInfo):
        servers (list[DocumentOutServersItem]):
        tags (list[DocumentOutTagsItem]):
        paths (DocumentOutPaths):
        components (DocumentOutComponents):
    """

    openapi: str
    info: DocumentOutInfo
    servers: list[DocumentOutServersItem]
    tags: list[DocumentOutTagsItem]
    paths: DocumentOutPaths
    components: DocumentOutComponents
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        openapi = self.openapi

        info = self.info.to_dict()

        servers = []
        for servers_item_data in self.servers:
            servers_item = servers_item_data.to_dict()
            servers.append(servers_item)

        tags = []
        for tags_item_data in self.tags:
            tags_item = tags_item_data.to_dict()
            tags.append(tags_item)

        paths = self.paths.to_dict()

        components = self.components.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "openapi": openapi,
                "info": info,
                "servers": servers,
                "tags": tags,
                "paths": paths,
                "components": components,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.document_out_components import DocumentOutComponents  # noqa: PLC0415
        from ..models.document_out_info import DocumentOutInfo  # noqa: PLC0415
        from ..models.document_out_paths import DocumentOutPaths  # noqa: PLC0415
        from ..models.document_out_servers_item import DocumentOutServersItem  # noqa: PLC0415
        from ..models.document_out_tags_item import DocumentOutTagsItem  # noqa: PLC0415

        d = dict(src_dict)
        openapi = d.pop("openapi")

        info = DocumentOutInfo.from_dict(d.pop("info"))

        servers = []
        _servers = d.pop("servers")
        for servers_item_data in _servers:
            servers_item = DocumentOutServersItem.from_dict(servers_item_data)

            servers.append(servers_item)

        tags = []
        _tags = d.pop("tags")
        for tags_item_data in _tags:
            tags_item = DocumentOutTagsItem.from_dict(tags_item_data)

            tags.append(tags_item)

        paths = DocumentOutPaths.from_dict(d.pop("paths"))

        components = DocumentOutComponents.from_dict(d.pop("components"))

        document_out = cls(
            openapi=openapi,
            info=info,
            servers=servers,
            tags=tags,
            paths=paths,
            components=components,
        )

        document_out.additional_properties = d
        return document_out

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

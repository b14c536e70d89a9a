from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.citation_out import CitationOut
    from ..models.usage_out import UsageOut


T = TypeVar("T", bound="AskOut")


@_attrs_define
class AskOut:
    """The answer, or that the notes do not hold it. `degraded`: it was looked for by words alone.

    Attributes:
        answered (bool):
        answer (str):
        citations (list[CitationOut]):
        conversation_id (UUID):
        degraded (bool):
        usage (UsageOut): Tokens this question used, and those left of the caller's day (UTC).
    """

    answered: bool
    answer: str
    citations: list[CitationOut]
    conversation_id: UUID
    degraded: bool
    usage: UsageOut
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        answered = self.answered

        answer = self.answer

        citations = []
        for citations_item_data in self.citations:
            citations_item = citations_item_data.to_dict()
            citations.append(citations_item)

        conversation_id = str(self.conversation_id)

        degraded = self.degraded

        usage = self.usage.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "answered": answered,
                "answer": answer,
                "citations": citations,
                "conversation_id": conversation_id,
                "degraded": degraded,
                "usage": usage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.citation_out import CitationOut  # noqa: PLC0415
        from ..models.usage_out import UsageOut  # noqa: PLC0415

        d = dict(src_dict)
        answered = d.pop("answered")

        answer = d.pop("answer")

        citations = []
        _citations = d.pop("citations")
        for citations_item_data in _citations:
            citations_item = CitationOut.from_dict(citations_item_data)

            citations.append(citations_item)

        conversation_id = UUID(d.pop("conversation_id"))

        degraded = d.pop("degraded")

        usage = UsageOut.from_dict(d.pop("usage"))

        ask_out = cls(
            answered=answered,
            answer=answer,
            citations=citations,
            conversation_id=conversation_id,
            degraded=degraded,
            usage=usage,
        )

        ask_out.additional_properties = d
        return ask_out

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

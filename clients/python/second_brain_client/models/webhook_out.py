from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.webhook_out_about import WebhookOutAbout


T = TypeVar("T", bound="WebhookOut")


@_attrs_define
class WebhookOut:
    """One event. `id` is ours, `event_id` Stripe's; `about` holds the ids it named; `created_at`: when it came in.

    Attributes:
        id (UUID):
        event_id (str):
        type_ (str):
        about (WebhookOutAbout):
        state (str):
        reason (None | str):
        attempts (int):
        occurred_at (datetime.datetime):
        created_at (datetime.datetime):
        settled_at (datetime.datetime | None):
    """

    id: UUID
    event_id: str
    type_: str
    about: WebhookOutAbout
    state: str
    reason: None | str
    attempts: int
    occurred_at: datetime.datetime
    created_at: datetime.datetime
    settled_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        event_id = self.event_id

        type_ = self.type_

        about = self.about.to_dict()

        state = self.state

        reason: None | str
        reason = self.reason

        attempts = self.attempts

        occurred_at = self.occurred_at.isoformat()

        created_at = self.created_at.isoformat()

        settled_at: None | str
        if isinstance(self.settled_at, datetime.datetime):
            settled_at = self.settled_at.isoformat()
        else:
            settled_at = self.settled_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "event_id": event_id,
                "type": type_,
                "about": about,
                "state": state,
                "reason": reason,
                "attempts": attempts,
                "occurred_at": occurred_at,
                "created_at": created_at,
                "settled_at": settled_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.webhook_out_about import WebhookOutAbout  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        event_id = d.pop("event_id")

        type_ = d.pop("type")

        about = WebhookOutAbout.from_dict(d.pop("about"))

        state = d.pop("state")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        attempts = d.pop("attempts")

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurred_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_settled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                settled_at_type_0 = datetime.datetime.fromisoformat(data)

                return settled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        settled_at = _parse_settled_at(d.pop("settled_at"))

        webhook_out = cls(
            id=id,
            event_id=event_id,
            type_=type_,
            about=about,
            state=state,
            reason=reason,
            attempts=attempts,
            occurred_at=occurred_at,
            created_at=created_at,
            settled_at=settled_at,
        )

        webhook_out.additional_properties = d
        return webhook_out

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.users_of_model_out import UsersOfModelOut


T = TypeVar("T", bound="ReembeddingOut")


@_attrs_define
class ReembeddingOut:
    """How far users are on the way to the current embedding model; tokens of this day (UTC).

    Attributes:
        users (list[UsersOfModelOut]):
        under_way (int):
        held_up (int):
        clearing (int):
        tokens (int | None):
        tokens_a_day (int | None):
    """

    users: list[UsersOfModelOut]
    under_way: int
    held_up: int
    clearing: int
    tokens: int | None
    tokens_a_day: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        users = []
        for users_item_data in self.users:
            users_item = users_item_data.to_dict()
            users.append(users_item)

        under_way = self.under_way

        held_up = self.held_up

        clearing = self.clearing

        tokens: int | None
        tokens = self.tokens

        tokens_a_day: int | None
        tokens_a_day = self.tokens_a_day

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "users": users,
                "under_way": under_way,
                "held_up": held_up,
                "clearing": clearing,
                "tokens": tokens,
                "tokens_a_day": tokens_a_day,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.users_of_model_out import UsersOfModelOut  # noqa: PLC0415

        d = dict(src_dict)
        users = []
        _users = d.pop("users")
        for users_item_data in _users:
            users_item = UsersOfModelOut.from_dict(users_item_data)

            users.append(users_item)

        under_way = d.pop("under_way")

        held_up = d.pop("held_up")

        clearing = d.pop("clearing")

        def _parse_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        tokens = _parse_tokens(d.pop("tokens"))

        def _parse_tokens_a_day(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        tokens_a_day = _parse_tokens_a_day(d.pop("tokens_a_day"))

        reembedding_out = cls(
            users=users,
            under_way=under_way,
            held_up=held_up,
            clearing=clearing,
            tokens=tokens,
            tokens_a_day=tokens_a_day,
        )

        reembedding_out.additional_properties = d
        return reembedding_out

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

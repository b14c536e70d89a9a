from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.certificate_out_firebase_user import CertificateOutFirebaseUser
from ..models.certificate_out_stripe_customer import CertificateOutStripeCustomer

if TYPE_CHECKING:
    from ..models.certificate_out_rows import CertificateOutRows


T = TypeVar("T", bound="CertificateOut")


@_attrs_define
class CertificateOut:
    """DELETE /api/me: what was deleted, by store. `rows`: by table. `pending` names what is still to be let go of.

    Attributes:
        id (UUID):
        user_id (UUID):
        requested_at (datetime.datetime):
        finished_at (datetime.datetime | None):
        rows (CertificateOutRows):
        vectors (int):
        objects (int):
        devices (int):
        stripe_customer (CertificateOutStripeCustomer):
        firebase_user (CertificateOutFirebaseUser):
        pending (list[str]):
    """

    id: UUID
    user_id: UUID
    requested_at: datetime.datetime
    finished_at: datetime.datetime | None
    rows: CertificateOutRows
    vectors: int
    objects: int
    devices: int
    stripe_customer: CertificateOutStripeCustomer
    firebase_user: CertificateOutFirebaseUser
    pending: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        user_id = str(self.user_id)

        requested_at = self.requested_at.isoformat()

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at

        rows = self.rows.to_dict()

        vectors = self.vectors

        objects = self.objects

        devices = self.devices

        stripe_customer = self.stripe_customer.value

        firebase_user = self.firebase_user.value

        pending = self.pending

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_id": user_id,
                "requested_at": requested_at,
                "finished_at": finished_at,
                "rows": rows,
                "vectors": vectors,
                "objects": objects,
                "devices": devices,
                "stripe_customer": stripe_customer,
                "firebase_user": firebase_user,
                "pending": pending,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.certificate_out_rows import CertificateOutRows  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        user_id = UUID(d.pop("user_id"))

        requested_at = datetime.datetime.fromisoformat(d.pop("requested_at"))

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

        rows = CertificateOutRows.from_dict(d.pop("rows"))

        vectors = d.pop("vectors")

        objects = d.pop("objects")

        devices = d.pop("devices")

        stripe_customer = CertificateOutStripeCustomer(d.pop("stripe_customer"))

        firebase_user = CertificateOutFirebaseUser(d.pop("firebase_user"))

        pending = cast(list[str], d.pop("pending"))

        certificate_out = cls(
            id=id,
            user_id=user_id,
            requested_at=requested_at,
            finished_at=finished_at,
            rows=rows,
            vectors=vectors,
            objects=objects,
            devices=devices,
            stripe_customer=stripe_customer,
            firebase_user=firebase_user,
            pending=pending,
        )

        certificate_out.additional_properties = d
        return certificate_out

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

"""SDK, API version and the events written down for it belong together."""

import json
from types import NoneType
from typing import Any, get_args

import pytest
import stripe

from tests.fixtures.stripe_events import FOLDER, golden_events

WRITTEN = sorted(FOLDER.glob("*.json"))
CLASSES: dict[str, type[stripe.StripeObject]] = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
}


def test_the_events_are_written_in_the_version_the_sdk_is_pinned_to() -> None:
    assert FOLDER.name == stripe.api_version
    assert [path.name for path in FOLDER.parent.iterdir()] == [stripe.api_version]
    assert {json.loads(path.read_bytes())["api_version"] for path in WRITTEN} == {stripe.api_version}


def test_the_local_stripe_still_tells_the_same() -> None:
    assert golden_events() == {path.stem: path.read_text() for path in WRITTEN}
    assert len(WRITTEN) == 15


@pytest.mark.parametrize("kind", [path.stem for path in WRITTEN])
def test_each_object_has_the_fields_of_the_sdks_class(kind: str) -> None:
    about = _written(kind)["data"]["object"]
    fields = CLASSES[about["object"]].__annotations__
    assert set(about) - set(fields) == set()
    required = {name for name, annotation in fields.items() if NoneType not in get_args(annotation)}
    assert required - {"OBJECT_NAME"} - set(about) == set()
    empty = {name for name, value in about.items() if value is None}
    assert empty & required == set()


@pytest.mark.parametrize("kind", [path.stem for path in WRITTEN])
def test_the_sdk_reads_each_event(kind: str) -> None:
    body = (FOLDER / f"{kind}.json").read_text()
    signature = stripe.WebhookSignature.generate_signature_header(body, "whsec_test")
    event = stripe.Webhook.construct_event(body, signature, "whsec_test")
    assert (event.type, event.livemode) == (kind, False)
    assert event.data.object["id"]


def _written(kind: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{kind}.json").read_bytes())

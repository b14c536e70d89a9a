"""Lists of the local Stripe: the newest first, filtered, page by page."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dev.vendors.stripe_book import Book
from dev.vendors.stripe_checkout import session_as_json
from dev.vendors.stripe_checkout_shape import customer_json
from dev.vendors.stripe_errors import StripeRefusal, missing
from dev.vendors.stripe_payment_shape import charge_json, dispute_json, intent_json, refund_json
from dev.vendors.stripe_requests import Listing

_EVERYWHERE = {"expand", "limit", "starting_after", "created"}


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One kind of record: where it lies, how it is drawn, and by what its list may be filtered."""

    kind: str
    table: Callable[[Book], dict[str, Any]]
    draw: Callable[[Book, Any], dict[str, Any]]
    filters: frozenset[str] = frozenset()


SHELVES: dict[str, Shelf] = {
    "customers": Shelf(
        kind="customer",
        table=lambda book: book.tables.customers,
        draw=lambda _book, record: customer_json(record),
        filters=frozenset({"email"}),
    ),
    "checkout/sessions": Shelf(
        kind="checkout.session",
        table=lambda book: book.tables.sessions,
        draw=session_as_json,
        filters=frozenset({"payment_intent", "customer", "status"}),
    ),
    "payment_intents": Shelf(
        kind="payment_intent",
        table=lambda book: book.tables.intents,
        draw=lambda _book, record: intent_json(record),
        filters=frozenset({"customer"}),
    ),
    "charges": Shelf(
        kind="charge",
        table=lambda book: book.tables.charges,
        draw=lambda _book, record: charge_json(record),
        filters=frozenset({"payment_intent", "customer"}),
    ),
    "refunds": Shelf(
        kind="refund",
        table=lambda book: book.tables.refunds,
        draw=lambda _book, record: refund_json(record),
        filters=frozenset({"payment_intent", "charge"}),
    ),
    "disputes": Shelf(
        kind="dispute",
        table=lambda book: book.tables.disputes,
        draw=lambda _book, record: dispute_json(record),
        filters=frozenset({"payment_intent", "charge"}),
    ),
    "events": Shelf(
        kind="event",
        table=lambda book: book.tables.events,
        draw=lambda _book, record: json.loads(record.body),
        filters=frozenset({"type"}),
    ),
}


def list_json(book: Book, name: str, asked: Listing) -> dict[str, Any]:
    """One page of a shelf.

    Raises:
        StripeRefusal: a filter this list does not have, or a page after an unknown object.
    """
    shelf = SHELVES[name]
    wanted = _wanted(shelf, asked)
    records = _after(shelf, _candidates(book, name, wanted), asked.starting_after)
    # One more than a page holds, which tells whether there is a next.
    page = list(islice((record for record in records if _is_wanted(record, asked, wanted)), asked.limit + 1))
    shown = [shelf.draw(book, record) for record in page[: asked.limit]]
    return {"object": "list", "data": shown, "has_more": len(page) > asked.limit, "url": f"/v1/{name}"}


def _wanted(shelf: Shelf, asked: Listing) -> dict[str, str]:
    named = asked.model_fields_set - _EVERYWHERE
    unknown = sorted(named - shelf.filters)
    if unknown:
        raise StripeRefusal(f"Received unknown parameter: {unknown[0]}", param=unknown[0], code="parameter_unknown")
    return {name: getattr(asked, name) for name in named}


def _candidates(book: Book, name: str, wanted: Mapping[str, str]) -> Iterable[Any]:
    """The records to look through, the newest first: of one payment there are few, and they are known."""
    intent_id = wanted.get("payment_intent")
    if intent_id is not None and name == "checkout/sessions":
        session = book.session_of(intent_id)
        return [] if session is None else [session]
    if intent_id is not None and name == "refunds":
        intent = book.tables.intents.get(intent_id)
        return [] if intent is None else book.refunds_of(intent.latest_charge or "")
    return reversed(SHELVES[name].table(book).values())


def _after(shelf: Shelf, records: Iterable[Any], starting_after: str | None) -> Iterator[Any]:
    remaining = iter(records)
    if starting_after is not None and not any(record.id == starting_after for record in remaining):
        raise missing(shelf.kind, starting_after, param="starting_after")
    return remaining


def _is_wanted(record: Any, asked: Listing, wanted: Mapping[str, str]) -> bool:  # noqa: ANN401 - any kind of record
    is_in_time = asked.created is None or record.created in asked.created
    return is_in_time and all(getattr(record, name) == value for name, value in wanted.items())

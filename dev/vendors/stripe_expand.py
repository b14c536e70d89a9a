"""`expand[]`: the object itself where otherwise its id stands."""

from collections.abc import Callable
from typing import Any

from dev.vendors.stripe_book import Book
from dev.vendors.stripe_checkout_shape import customer_json, line_items_json
from dev.vendors.stripe_errors import WrongRequest
from dev.vendors.stripe_payment_shape import charge_json, intent_json, refund_json

_DEEPEST = 4
_REFUNDS_SHOWN = 10
_EXPANDABLE: dict[str, dict[str, str]] = {
    "checkout.session": {"customer": "customer", "line_items": "list", "payment_intent": "payment_intent"},
    "payment_intent": {"customer": "customer", "latest_charge": "charge"},
    "charge": {"customer": "customer", "payment_intent": "payment_intent", "refunds": "list"},
    "refund": {"charge": "charge", "payment_intent": "payment_intent"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
}
"""By kind of object: what may be put in, and of which kind that is."""
_OBJECTS: dict[str, Callable[[Book, str], dict[str, Any]]] = {
    "customer": lambda book, name: customer_json(book.tables.customers[name]),
    "payment_intent": lambda book, name: intent_json(book.tables.intents[name]),
    "latest_charge": lambda book, name: charge_json(book.tables.charges[name]),
    "charge": lambda book, name: charge_json(book.tables.charges[name]),
}


def expand(book: Book, shown: dict[str, Any], paths: tuple[str, ...], *, kind: str) -> dict[str, Any]:
    """An object of that kind, or a list of them, with what the paths name put in. In a list, paths begin with `data.`.

    Raises:
        WrongRequest: a path names what cannot be expanded.
    """
    for path in paths:
        keys = _keys(path, kind, is_list=shown["object"] == "list")
        for entry in shown["data"] if shown["object"] == "list" else [shown]:
            _put_in(book, entry, keys)
    return shown


def _keys(path: str, kind: str, *, is_list: bool) -> list[str]:
    keys = path.split(".")
    if len(keys) > _DEEPEST:
        raise WrongRequest("You cannot expand more than 4 levels of a property.", param="expand")
    if is_list and keys.pop(0) != "data":
        raise _cannot(path)
    for key in keys:
        if key not in _EXPANDABLE.get(kind, {}):
            raise _cannot(path)
        kind = _EXPANDABLE[kind][key]
    return keys


def _put_in(book: Book, shown: dict[str, Any], keys: list[str]) -> None:
    for key in keys:
        shown[key] = _object(book, shown, key)
        if shown[key] is None:
            return
        shown = shown[key]


def _object(book: Book, shown: dict[str, Any], key: str) -> Any:  # noqa: ANN401 - an object, or null
    value = shown.get(key)
    if key == "refunds":
        return refunds_json(book, shown["id"])
    if key == "line_items":
        return line_items_json(book.tables.sessions[shown["id"]])
    return _OBJECTS[key](book, value) if isinstance(value, str) else value


def refunds_json(book: Book, charge_id: str) -> dict[str, Any]:
    """A charge's latest refunds as a list."""
    refunds = book.refunds_of(charge_id)
    shown = [refund_json(refund) for refund in refunds[:_REFUNDS_SHOWN]]
    has_more = len(refunds) > _REFUNDS_SHOWN
    return {"object": "list", "data": shown, "has_more": has_more, "url": f"/v1/charges/{charge_id}/refunds"}


def _cannot(path: str) -> WrongRequest:
    return WrongRequest(f"This property cannot be expanded ({path}).", param="expand")

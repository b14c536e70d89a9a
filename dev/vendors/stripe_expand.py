"""`expand[]`: the object itself where otherwise its id stands."""

from collections.abc import Callable
from typing import Any

from dev.vendors.stripe_book import Book
from dev.vendors.stripe_checkout_shape import customer_json, line_items_json
from dev.vendors.stripe_errors import StripeRefusal
from dev.vendors.stripe_payment_shape import charge_json, intent_json, refund_json

_DEEPEST = 4
_REFUNDS_SHOWN = 10
_EXPANDABLE = {
    "checkout.session": {"customer", "line_items", "payment_intent"},
    "payment_intent": {"customer", "latest_charge"},
    "charge": {"customer", "payment_intent", "refunds"},
    "refund": {"charge", "payment_intent"},
    "dispute": {"charge", "payment_intent"},
}
_OBJECTS: dict[str, Callable[[Book, str], dict[str, Any]]] = {
    "customer": lambda book, name: customer_json(book.tables.customers[name]),
    "payment_intent": lambda book, name: intent_json(book.tables.intents[name]),
    "latest_charge": lambda book, name: charge_json(book.tables.charges[name]),
    "charge": lambda book, name: charge_json(book.tables.charges[name]),
}


def expand(book: Book, shown: dict[str, Any], paths: tuple[str, ...]) -> dict[str, Any]:
    """The object with what the paths name put in. In a list, paths begin with `data.`.

    Raises:
        StripeRefusal: a path names what cannot be expanded.
    """
    for path in paths:
        keys = path.split(".")
        if len(keys) > _DEEPEST:
            raise StripeRefusal("You cannot expand more than 4 levels of a property.", param="expand")
        if shown["object"] == "list":
            _expand_each(book, shown, keys, path)
        else:
            _expand(book, shown, keys, path)
    return shown


def _expand_each(book: Book, shown: dict[str, Any], keys: list[str], path: str) -> None:
    if keys[0] != "data":
        raise _cannot(path)
    for entry in shown["data"]:
        _expand(book, entry, keys[1:], path)


def _expand(book: Book, shown: dict[str, Any], keys: list[str], path: str) -> None:
    for key in keys:
        if key not in _EXPANDABLE.get(shown["object"], set()):
            raise _cannot(path)
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


def _cannot(path: str) -> StripeRefusal:
    return StripeRefusal(f"This property cannot be expanded ({path}).", param="expand")

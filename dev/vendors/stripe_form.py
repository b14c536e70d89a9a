"""Stripe's form encoding, `line_items[0][price_data][currency]=usd`, as nested objects and lists."""

import re
from typing import Any, cast
from urllib.parse import parse_qsl

from dev.vendors.stripe_errors import StripeRefusal

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_KEY = re.compile(r"\[([^\[\]]*)\]")
_MOST_FIELDS = 1_000


def parse_form(text: str) -> dict[str, Any]:
    """The fields of a body or a query string.

    Raises:
        StripeRefusal: it is no such form.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise StripeRefusal("Invalid form body.") from error
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _put(tree, _keys(name), value)
    return {name: _with_lists(value) for name, value in tree.items()}


def _keys(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    if match is None:
        raise StripeRefusal(f"Invalid field name: {name}", param=name)
    return [match[1], *_KEY.findall(match[2])]


def _put(tree: dict[str, Any], keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        branch: Any = tree.setdefault(key, {})
        if not isinstance(branch, dict):
            raise StripeRefusal(f"Invalid object: {key}", param=keys[0])
        tree = cast("dict[str, Any]", branch)
    # `expand[]=a&expand[]=b`: each takes the next place.
    tree[keys[-1] or str(len(tree))] = value


def _with_lists(value: Any) -> Any:  # noqa: ANN401 - a tree of text
    if not isinstance(value, dict):
        return value
    entries = {key: _with_lists(child) for key, child in cast("dict[str, Any]", value).items()}
    if entries and all(key.isdecimal() for key in entries):
        return [entries[key] for key in sorted(entries, key=int)]
    return entries

"""Search of the local Stripe: customers by one field of their metadata, and as late as Stripe's own."""

import re
from typing import Any

from dev.vendors.stripe_book import Book
from dev.vendors.stripe_checkout_shape import customer_json
from dev.vendors.stripe_errors import StripeRefusal
from dev.vendors.stripe_model import Customer
from dev.vendors.stripe_requests import Search

FOUND_AFTER_SECONDS = 60
"""Stripe: "data is searchable in less than a minute"; during outages it may be an hour."""

_QUERY = re.compile(r"""metadata\[(["'])(?P<name>[^"'\[\]]+)\1\]:(["'])(?P<value>[^"']*)\3""")


def search_customers(book: Book, asked: Search) -> dict[str, Any]:
    """One page, the newest first.

    Raises:
        StripeRefusal: a query other than `metadata['name']:'value'`, or a page there is not.
    """
    found = [one for one in reversed(book.tables.customers.values()) if _is_found(book, one, asked)]
    first = _first(asked.page, len(found))
    page = found[first : first + asked.limit]
    has_more = first + asked.limit < len(found)
    return {
        "object": "search_result",
        "data": [customer_json(one) for one in page],
        "has_more": has_more,
        "next_page": str(first + asked.limit) if has_more else None,
        "url": "/v1/customers/search",
    }


def _is_found(book: Book, customer: Customer, asked: Search) -> bool:
    query = _QUERY.fullmatch(asked.query)
    if query is None:
        raise StripeRefusal("We were unable to parse your search query.", param="query")
    is_old_enough = customer.created <= book.now() - FOUND_AFTER_SECONDS
    return is_old_enough and not customer.is_deleted and customer.metadata.get(query["name"]) == query["value"]


def _first(page: str | None, count: int) -> int:
    if page is None:
        return 0
    if not page.isdecimal() or int(page) >= count:
        raise StripeRefusal(f"Invalid page: {page}", param="page")
    return int(page)

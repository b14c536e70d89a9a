"""The local Stripe's HTTP API without the socket: key, version, idempotency, then the endpoint."""

import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dev.vendors.stripe_book import API_VERSION, Book, Cause, found, random_id
from dev.vendors.stripe_checkout import create_customer, create_session, delete_customer, expire_session
from dev.vendors.stripe_errors import StripeRefusal, WrongRequest
from dev.vendors.stripe_expand import expand
from dev.vendors.stripe_form import parse_form
from dev.vendors.stripe_idempotency import keep_answer, kept_answer
from dev.vendors.stripe_listing import SHELVES, list_json
from dev.vendors.stripe_local import LocalStripe
from dev.vendors.stripe_refund import create_refund
from dev.vendors.stripe_requests import (
    CustomerCreation,
    Listing,
    Reading,
    RefundCreation,
    Search,
    SessionCreation,
    read,
)
from dev.vendors.stripe_search import search_customers

_PATH = re.compile(r"/v1/(checkout/sessions|customers/search|[a-z_]+)(?:/(\w+))?(?:/(\w+))?")
_HTTP_OK = 200
_HTTP_UNAUTHORIZED = 401
_HTTP_NOT_FOUND = 404

AskedT = TypeVar("AskedT", bound=Reading)
Fields = dict[str, Any]
Do = Callable[[Book, Fields, str], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class ApiRequest:
    """A request as it arrived; names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    form: str = ""
    """The query string of a GET, the body of all else."""

    @property
    def idempotency_key(self) -> str | None:
        """The key, where keys count: a GET has none."""
        return self.headers.get("idempotency-key") if self.method == "POST" else None


@dataclass(frozen=True, kw_only=True)
class ApiAnswer:
    """What to send back."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def answer(local: LocalStripe, request: ApiRequest) -> ApiAnswer:
    """Answer as Stripe would."""
    request_id = random_id("req")
    marks = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
    cause = Cause(request_id=request_id, idempotency_key=request.idempotency_key)
    try:
        _check_caller(local, request)
        fields = parse_form(request.form)
        with local.look() if request.method == "GET" else local.change(cause) as book:
            return _answer_once(book, request, fields, marks)
    except StripeRefusal as refusal:
        return _refused(refusal, marks)


def keep(local: LocalStripe, request: ApiRequest, given: ApiAnswer) -> None:
    """Give the same answer to whoever comes with this idempotency key again."""
    with local.change() as book:
        _keep(book, request, parse_form(request.form), given)


def _keep(book: Book, request: ApiRequest, fields: Fields, given: ApiAnswer) -> None:
    if request.idempotency_key is not None:
        fingerprint = _fingerprint(request, fields)
        keep_answer(book, request.idempotency_key, fingerprint, status=given.status, body=given.body)


def _check_caller(local: LocalStripe, request: ApiRequest) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not hmac.compare_digest(key.encode(), local.api_key.encode()):
        raise StripeRefusal(f"Invalid API Key provided: {key[:8]}***", status=_HTTP_UNAUTHORIZED)
    version = request.headers.get("stripe-version")
    if version != API_VERSION:
        raise StripeRefusal(f"Invalid Stripe API version: {version}; the SDK is pinned to {API_VERSION}.")


def _answer_once(book: Book, request: ApiRequest, fields: Fields, marks: Mapping[str, str]) -> ApiAnswer:
    """The answer, or the one that was given to the same idempotency key before."""
    key = request.idempotency_key
    kept = None if key is None else kept_answer(book, key, _fingerprint(request, fields))
    if kept is not None:
        return ApiAnswer(status=kept.status, body=kept.body, headers={**marks, "Idempotent-Replayed": "true"})
    given = _carry_out(book, request, fields, marks)
    _keep(book, request, fields, given)
    return given


def _carry_out(book: Book, request: ApiRequest, fields: Fields, marks: Mapping[str, str]) -> ApiAnswer:
    do, object_id = _endpoint(request)
    try:
        return ApiAnswer(status=_HTTP_OK, body=json.dumps(do(book, fields, object_id)), headers=marks)
    except WrongRequest:
        raise
    except StripeRefusal as refusal:
        return _refused(refusal, marks)


def _refused(refusal: StripeRefusal, marks: Mapping[str, str]) -> ApiAnswer:
    return ApiAnswer(status=refusal.status, body=json.dumps(refusal.body()), headers=marks)


def _fingerprint(request: ApiRequest, fields: Fields) -> str:
    return json.dumps([request.method, request.path, fields], sort_keys=True)


def _endpoint(request: ApiRequest) -> tuple[Do, str]:
    match = _PATH.fullmatch(request.path)
    if match is not None:
        shelf, object_id, verb = match[1], match[2] or "", match[3]
        do = _ENDPOINTS.get((request.method, shelf, bool(object_id), verb)) or _reading(request.method, shelf, match)
        if do is not None:
            return do, object_id
    raise StripeRefusal(
        f"Unrecognized request URL ({request.method}: {request.path}). The local Stripe knows what the product uses.",
        status=_HTTP_NOT_FOUND,
    )


def _reading(method: str, shelf: str, match: re.Match[str]) -> Do | None:
    if method != "GET" or shelf not in SHELVES or match[3]:
        return None
    return _get(shelf) if match[2] else _list(shelf)


def _get(name: str) -> Do:
    shelf = SHELVES[name]

    def get(book: Book, fields: Fields, object_id: str) -> dict[str, Any]:
        asked = read(Reading, fields)
        return expand(
            book, shelf.draw(book, found(shelf.table(book), object_id, shelf.kind)), asked.expand, kind=shelf.kind
        )

    return get


def _list(name: str) -> Do:
    def entries(book: Book, fields: Fields, _object_id: str) -> dict[str, Any]:
        asked = read(Listing, fields)
        return expand(book, list_json(book, name, asked), asked.expand, kind=SHELVES[name].kind)

    return entries


def _create(name: str, shape: type[AskedT], create: Callable[[Book, AskedT], Any]) -> Do:
    def created(book: Book, fields: Fields, _object_id: str) -> dict[str, Any]:
        asked = read(shape, fields)
        shown = SHELVES[name].draw(book, create(book, asked))
        return expand(book, shown, asked.expand, kind=SHELVES[name].kind)

    return created


def _change(name: str, change: Callable[[Book, str], Any]) -> Do:
    def changed(book: Book, fields: Fields, object_id: str) -> dict[str, Any]:
        asked = read(Reading, fields)
        return expand(book, SHELVES[name].draw(book, change(book, object_id)), asked.expand, kind=SHELVES[name].kind)

    return changed


def _search(book: Book, fields: Fields, _object_id: str) -> dict[str, Any]:
    asked = read(Search, fields)
    return expand(book, search_customers(book, asked), asked.expand, kind="customer")


_ENDPOINTS: dict[tuple[str, str, bool, str | None], Do] = {
    ("GET", "customers/search", False, None): _search,
    ("POST", "customers", False, None): _create("customers", CustomerCreation, create_customer),
    ("DELETE", "customers", True, None): _change("customers", delete_customer),
    ("POST", "checkout/sessions", False, None): _create("checkout/sessions", SessionCreation, create_session),
    ("POST", "checkout/sessions", True, "expire"): _change("checkout/sessions", expire_session),
    ("POST", "refunds", False, None): _create("refunds", RefundCreation, create_refund),
}

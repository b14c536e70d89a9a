"""Serves a signed-in caller: admission first, then the endpoint, then the answer is kept for a repeat."""

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

from shared.account.admit_caller import Admitted, Arrival, admit_caller
from shared.account.check_sign_in import check_sign_in
from shared.db.connection import Database
from shared.edge.claims import Claims, claims_of
from shared.edge.endpoint import Endpoint, Request
from shared.edge.keyed import Keyed
from shared.edge.reply import written
from shared.edge.request import headers_of, json_of, path_of, query_of, raw_body
from shared.edge.rules import Rules
from shared.errors import Busy, Forbidden, Invalid
from shared.idempotency.model import Answer, Claim, fingerprint_of, is_key
from shared.idempotency.release_key import release_key
from shared.identity.accounts import Accounts
from shared.ids import UserId
from shared.limits.model import RouteClass
from shared.values import frozen

ADMIN = "admin"
"""The custom claim `role` of an administrator's token."""

_BUSY_TRIES = 3
_REPLAYED = {"idempotency-replayed": "true"}

AnyTypedEndpoint = Endpoint[Any, Any]
ValueT = TypeVar("ValueT")


@frozen
class _Visit:
    """A request of somebody whose token was verified, and where it leads."""

    endpoint: AnyTypedEndpoint
    event: Mapping[str, Any]
    claims: Claims
    claim: Claim | None


def serve_caller(
    endpoint: AnyTypedEndpoint, event: Mapping[str, Any], db: Database, rules: Rules, accounts: Accounts | None
) -> Answer:
    """The answer of the endpoint, or the one it gave to the same request before. Raises what `http_handler` maps.

    `accounts` says who is still signed in, where the endpoint wants that asked.
    """
    visit = _Visit(endpoint=endpoint, event=event, claims=claims_of(event), claim=_claim(endpoint, event))
    _check_claims(visit, rules)
    arrival = _arrival(visit, rules)
    try:
        admitted = _with_patience(lambda: admit_caller(db, arrival))
        return _answer(visit, db, admitted, accounts)
    finally:
        db.let_go()


def _check_claims(visit: _Visit, rules: Rules) -> None:
    if visit.endpoint.auth == ADMIN and visit.claims.role != ADMIN:
        raise _not_an_administrator()
    if visit.claims.is_anonymous and not rules.takes_anonymous:
        raise Forbidden("Sign in with an account: anonymous sign-in is not taken here.", code="anonymous_refused")


def _arrival(visit: _Visit, rules: Rules) -> Arrival:
    route_class = _class_of(visit.endpoint)
    rate = rules.rates.get(route_class)
    return Arrival(
        firebase_uid=visit.claims.firebase_uid,
        email=visit.claims.email,
        auth_time=visit.claims.auth_time,
        rate=None if rate is None else (route_class, rate),
        claim=visit.claim,
        begins=not (visit.endpoint.asks_first or visit.endpoint.checks_sign_in),
        may_be_leaving=visit.endpoint.serves_the_leaving,
    )


def _class_of(endpoint: AnyTypedEndpoint) -> RouteClass:
    if endpoint.rate_class is not None:
        return endpoint.rate_class
    if endpoint.auth == ADMIN:
        return "admin"
    return "read" if endpoint.method == "GET" else "write"


def _claim(endpoint: AnyTypedEndpoint, event: Mapping[str, Any]) -> Claim | None:
    """Of a POST with a key; other methods may be repeated as they are."""
    key = headers_of(event).get("idempotency-key")
    if key is None or endpoint.method != "POST":
        return None
    if not is_key(key):
        raise Invalid("An Idempotency-Key has 1 to 255 visible ASCII characters.")
    fingerprint = fingerprint_of(
        str(event.get("rawPath")).encode(), str(event.get("rawQueryString")).encode(), raw_body(event)
    )
    return Claim(key=key, fingerprint=fingerprint, id=uuid4())


def _answer(visit: _Visit, db: Database, admitted: Admitted, accounts: Accounts | None) -> Answer:
    kept = admitted.answer
    try:
        # Before a kept answer is given again: an administrator may have been dismissed since, a sign-in ended.
        _check_caller(visit, db, admitted, accounts)
        if kept is not None:
            return Answer(status=kept.status, headers={**kept.headers, **_REPLAYED}, body=kept.body)
        return _with_patience(lambda: _handled(visit, db, admitted.user.id))
    except Exception:
        if visit.claim is not None:
            release_key(db, admitted.user.id, visit.claim)
        raise


def _check_caller(visit: _Visit, db: Database, admitted: Admitted, accounts: Accounts | None) -> None:
    """Whoever is leaving has no account to be asked about any more: they are shown their certificate, and no more."""
    user, claims = admitted.user, visit.claims
    if visit.endpoint.auth == ADMIN and not user.is_administrator:
        raise _not_an_administrator()
    if accounts is not None and visit.endpoint.checks_sign_in and not user.is_leaving:
        check_sign_in(db, accounts, user.id, firebase_uid=claims.firebase_uid, auth_time=claims.auth_time)


def _handled(visit: _Visit, db: Database, user_id: UserId) -> Answer:
    keyed = None if visit.claim is None else Keyed(user_id=user_id, claim=visit.claim)
    request = Request[Any, Any](
        user_id=user_id,
        claims=visit.claims,
        path=path_of(visit.event),
        query=query_of(visit.event, visit.endpoint.query),
        body=json_of(visit.event, visit.endpoint.body),
        keyed=keyed,
    )
    reply = visit.endpoint.handle(request)
    if keyed is not None:
        keyed.served(db, reply, repeats=visit.endpoint.repeats)
    return written(reply)


def _with_patience(work: Callable[[], ValueT]) -> ValueT:
    """Try again when another change was in the way: the transaction was rolled back, so nothing happens twice."""
    for attempt in range(1, _BUSY_TRIES):
        try:
            return work()
        except Busy as error:
            if not error.is_momentary:
                raise
            time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - jitter, not a secret
    return work()


def _not_an_administrator() -> Forbidden:
    return Forbidden("This is for administrators.", code="admin_only")

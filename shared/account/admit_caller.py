"""Admits the caller: recognises them, and creates them, with their trial credits, at first sight."""

from typing import Any

from shared.account.check_sign_in import DISABLED, REVOKED
from shared.credits.grant_trial import grant_trial
from shared.db.connection import Database
from shared.db.selection import Selection
from shared.errors import Busy, Forbidden, Unauthenticated
from shared.idempotency.claim_key import claim_key
from shared.idempotency.model import Answer, Claim
from shared.identity.confine import confine
from shared.identity.create_user import create_user
from shared.identity.model import RecognisedUser
from shared.identity.recognise import recognise
from shared.ids import UserId, new_id
from shared.limits.model import Rate, RouteClass
from shared.limits.take_request import take_request
from shared.values import frozen


@frozen
class Arrival:
    """Who comes, as their token says, and with what.

    `auth_time` is when they signed in, in seconds since 1970. `rate` is what they may send of a class of routes;
    `claim` the key of a request that may be a repeat. With `begins` the transaction that follows is begun in the same
    round trip. `may_be_leaving`: it is answered to those as well whose account is being deleted.
    """

    firebase_uid: str
    email: str | None
    auth_time: int | None = None
    rate: tuple[RouteClass, Rate] | None = None
    claim: Claim | None = None
    begins: bool = False
    may_be_leaving: bool = False


@frozen
class Admitted:
    """The caller, and the answer their request was given before."""

    user: RecognisedUser
    answer: Answer | None


def admit_caller(db: Database, arrival: Arrival) -> Admitted:
    """The caller's user, created if need be, one request taken from their bucket, and the key of it claimed.

    Raises:
        Forbidden: the account is disabled, or was deleted.
        Unauthenticated: the token is of a sign-in that was ended.
        TooManyRequests: the bucket is empty.
        KeyReused: the key stands for another request.
        KeyRunning: a request with this key is being served.
    """
    admitted = _admit(db, arrival)
    if admitted is None:
        _create(db, arrival)
        admitted = _admit(db, arrival)
    if admitted is None:
        raise Busy("The account is being created. Try again.", is_momentary=True)
    return admitted


def _admit(db: Database, arrival: Arrival) -> Admitted | None:
    """None at first sight. Each answer is read only when those before it let the caller in."""
    recognising = recognise(arrival.firebase_uid, signed_in_at=arrival.auth_time)
    others: list[Selection[Any]] = []
    if arrival.rate is not None:
        others.append(take_request(*arrival.rate))
    if arrival.claim is not None:
        others.append(claim_key(arrival.claim))
    beginning_for = confine(arrival.firebase_uid) if arrival.begins else None
    first, *rows = db.ask_ahead([recognising, *others], beginning_for=beginning_for)
    user = recognising.of(first)
    if user is None:
        return None
    if user.is_leaving and arrival.may_be_leaving:
        return Admitted(user=user, answer=None)
    if user.is_signed_out:
        raise Unauthenticated(REVOKED, code="token_revoked")
    if user.is_disabled:
        raise Forbidden(DISABLED, code="account_disabled")
    answers = [selection.of(row) for selection, row in zip(others, rows, strict=True)]
    return Admitted(user=user, answer=answers[-1] if arrival.claim is not None else None)


def _create(db: Database, arrival: Arrival) -> None:
    """The new user, unless another request of the same phone was first."""
    user_id = UserId(new_id())
    with db.transaction(user_id) as tx:
        if create_user(tx, user_id, firebase_uid=arrival.firebase_uid, email=arrival.email):
            grant_trial(tx, user_id, firebase_uid=arrival.firebase_uid)

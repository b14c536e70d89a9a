"""Whether a function may do what it asks of the bucket: by the catalogue, as its role in AWS decides it there.

Each function signs with a key of its own, which names it; the bucket's owner may do anything. Without this, a right
that the catalogue forgot would be missed in AWS only.
"""

from collections.abc import Callable, Iterable

from dev.object_edge.exchange import Exchange, Operation
from dev.object_edge.keeper import keys_in
from dev.object_edge.refusals import S3Error
from functions.catalogue import Function
from functions.catalogue.shapes import ObjectAction

Rights = Callable[[str, Exchange], None]
"""Raises S3Error (AccessDenied) unless whoever has this access key may do that."""

_NEEDS: dict[Operation, tuple[ObjectAction, ...]] = {
    Operation.PUT: ("write",),
    Operation.BEGIN_PARTS: ("write",),
    Operation.PUT_PART: ("write",),
    Operation.COMPLETE: ("write",),
    Operation.LIST_PARTS: ("write",),
    Operation.ABANDON_PARTS: ("write", "delete"),
    Operation.DELETE: ("delete",),
    Operation.DELETE_MANY: ("delete",),
    Operation.OTHER: ("read",),
}
"""One of which is enough, with the prefix of the key. infra_cdk/grants.py gives roles the same."""


def access_key_of(owner_key: str, function: Function) -> str:
    """The key a function signs with; its secret is the owner's."""
    return f"{owner_key}-{function.name}"


def anything(access_key: str, exchange: Exchange) -> None:
    """No check at all."""


def rights_of(owner_key: str, functions: Iterable[Function]) -> Rights:
    """The rights of the catalogue."""
    known = {access_key_of(owner_key, function): function for function in functions}

    def check(access_key: str, exchange: Exchange) -> None:
        function = known.get(access_key)
        if access_key != owner_key and (function is None or not _may(function, exchange)):
            raise S3Error("AccessDenied", f"{access_key} may not {exchange.operation.name} {exchange.address.key}.")

    return check


def _may(function: Function, exchange: Exchange) -> bool:
    if exchange.operation is Operation.LIST_UNFINISHED:
        return any("delete" in objects.actions for objects in function.bucket)
    keys = keys_in(exchange) if exchange.operation is Operation.DELETE_MANY else [exchange.address.key]
    if keys == [""]:  # the bucket itself: is it there, what is in it
        return bool(function.bucket)
    return all(_may_use(function, key, _NEEDS.get(exchange.operation, ())) for key in keys)


def _may_use(function: Function, key: str, one_of: tuple[ObjectAction, ...]) -> bool:
    allowed = {
        action for objects in function.bucket if key.startswith(f"{objects.prefix}/") for action in objects.actions
    }
    return bool(allowed & set(one_of))

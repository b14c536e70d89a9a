"""Fills a reply's wire shape from one of our values.

Replies are plain dataclasses: building a pydantic model for each costs Init milliseconds and checks what we made
ourselves. Models stand where bytes come in.
"""

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ShapeT = TypeVar("ShapeT", bound="DataclassInstance")


def shape(out: type[ShapeT], value: object, **given: Any) -> ShapeT:  # noqa: ANN401 - the fields of `out`
    """An `out` with the attributes of `value` that bear its fields' names; `given` comes first.

    Raises AttributeError when a field has neither: what we send is named on purpose, never by accident.
    """
    taken = {name: getattr(value, name) for name in _names(out) if name not in given}
    return out(**taken, **given)


@cache
def _names(out: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(out))

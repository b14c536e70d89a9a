"""Values: frozen, keyword-only dataclasses whose methods are made when the first of them is.

`dataclasses` writes the source of six methods for each class and compiles it, at import. A function imports 70 to 150
such classes and meets a few dozen in a request: it was half of what our own modules cost its Init. So a class is left
as it is written until an instance of it is made, or its fields are asked for; from then on it is what
`dataclass(frozen=True, kw_only=True)` makes of it, and no slower (docs/adr/0043).
"""

from dataclasses import dataclass, field
from threading import RLock
from typing import Any, TypeVar, dataclass_transform

ValueT = TypeVar("ValueT")

_FIELDS = "__dataclass_fields__"
"""What `dataclasses` keeps there: `fields`, `replace`, `asdict` and pydantic all ask for it first."""

_turn = RLock()  # two threads may make the first instance at the same moment
_unfinished: set[type] = set()


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[ValueT]) -> type[ValueT]:
    """The class as a frozen, keyword-only dataclass, finished at its first use.

    What is wrong with its fields (a default that can change, say) is a TypeError or ValueError then, not at import.
    """

    def first_init(self: Any, *args: Any, **given: Any) -> None:  # noqa: ANN401 - the fields of the class
        _finish(cls)
        cls.__init__(self, *args, **given)

    _unfinished.add(cls)
    setattr(cls, _FIELDS, _Unfinished(cls))
    cls.__init__ = first_init
    return cls


def finish_all() -> None:
    """Finish every class that was begun: who takes a snapshot of the process pays beforehand."""
    for cls in tuple(_unfinished):
        _finish(cls)


class _Unfinished:
    """Stands for a class's fields until somebody asks for them."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __get__(self, instance: object, owner: type) -> Any:  # noqa: ANN401 - what `dataclasses` keeps there
        _finish(self._cls)
        return getattr(owner, _FIELDS)


def _finish(cls: type) -> None:
    with _turn:
        if cls in _unfinished:
            dataclass(init=False, frozen=True, kw_only=True)(cls)
            _unfinished.remove(cls)
            cls.__init__ = _init_of(cls)


def _init_of(cls: type) -> Any:  # noqa: ANN401 - takes the fields of the class
    """Made on a subclass nobody sees: `dataclass` keeps an `__init__` it finds, and another thread may be inside ours.

    Were ours removed instead, a thread that made an instance just then would find none.
    """
    twin: Any = dataclass(frozen=True, kw_only=True, repr=False, eq=False)(
        type(cls.__name__, (cls,), {"__doc__": cls.__doc__, "__module__": cls.__module__})
    )
    init = twin.__init__
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init

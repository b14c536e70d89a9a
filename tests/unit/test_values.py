"""Values are frozen dataclasses, finished when the first of them is made."""

import dataclasses
import threading
from typing import Any, Generic, TypeVar

import pytest
from pydantic import TypeAdapter

from shared.values import finish_all, frozen

ItemT = TypeVar("ItemT")


def _class() -> Any:
    @frozen
    class Point:
        """A place."""

        x: int
        y: int = 2
        names: list[str] = dataclasses.field(default_factory=list[str])

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("x must not be negative")

    return Point


def _is_finished(cls: type) -> bool:
    return isinstance(vars(cls)["__dataclass_fields__"], dict)


def test_a_class_is_left_as_written_until_one_of_it_is_made() -> None:
    point = _class()
    assert not _is_finished(point)
    point(x=1)
    assert _is_finished(point)


def test_what_is_made_first_equals_what_is_made_later() -> None:
    point = _class()
    first, later = point(x=1), point(x=1, y=2)
    assert first == later
    assert hash(dataclasses.replace(first, names=())) == hash(dataclasses.replace(later, names=()))
    assert repr(first).endswith("Point(x=1, y=2, names=[])")
    assert first.names is not later.names


def test_it_is_the_dataclass_it_would_have_been() -> None:
    ours = _class()
    ours(x=1)
    theirs = dataclasses.make_dataclass(
        "Point", [("x", int), ("y", int, 2)], frozen=True, kw_only=True, namespace={"__doc__": "A place."}
    )
    params = ("init", "repr", "eq", "order", "unsafe_hash", "frozen")
    assert [getattr(ours.__dataclass_params__, name) for name in params] == [
        getattr(theirs.__dataclass_params__, name) if name != "init" else False for name in params
    ]
    assert set(vars(theirs)) - set(vars(ours)) <= {"__module__", "__dict__", "__weakref__"}
    assert ours.__init__.__qualname__ == f"{ours.__qualname__}.__init__"


@pytest.mark.parametrize("wrong", [{}, {"x": 1, "z": 2}], ids=["too few", "unknown"])
def test_the_first_one_refuses_wrong_fields_as_any_other_does(wrong: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="__init__"):
        _class()(**wrong)


def test_the_first_one_takes_no_positions() -> None:
    with pytest.raises(TypeError, match="positional"):
        _class()(1)


def test_the_first_one_is_checked_and_cannot_be_changed() -> None:
    point = _class()
    with pytest.raises(ValueError, match="negative"):
        point(x=-1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point(x=1).x = 2


def test_a_class_whose_fields_are_asked_for_is_finished() -> None:
    for ask in (dataclasses.fields, dataclasses.is_dataclass, TypeAdapter):
        point = _class()
        assert ask(point)
        assert _is_finished(point)


def test_a_class_may_follow_another_that_is_unfinished() -> None:
    @frozen
    class Base(Generic[ItemT]):
        item: ItemT

    @frozen
    class Derived(Base[int]):
        more: int = 0

    class Undecorated(Derived):
        pass

    assert Undecorated(item=1).more == 0
    assert Derived(item=1, more=2).item == 1
    assert Base[str](item="a").item == "a"
    assert [field.name for field in dataclasses.fields(Derived)] == ["item", "more"]


def test_threads_may_make_the_first_one_together() -> None:
    classes = [_class() for _ in range(40)]
    barrier, made = threading.Barrier(4), []

    def make() -> None:
        barrier.wait()
        made.extend(cls(x=number).x for number, cls in enumerate(classes))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == sorted([*range(40)] * 4)


def test_all_can_be_finished_beforehand() -> None:
    point = _class()
    finish_all()
    assert _is_finished(point)
    assert point(x=1).y == 2

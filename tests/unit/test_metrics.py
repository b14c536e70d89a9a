"""Metrics as lines in the log: valid, few, and only of what has happened."""

import threading

import pytest

from shared.metrics import count, dropped_on_failure, gathered, milliseconds, seconds
from tests.fixtures.measured import Metric, measured, metric_lines, values_of

Printed = pytest.CaptureFixture[str]


def test_what_is_measured_by_itself_is_a_line_by_itself(capsys: Printed) -> None:
    count("eggs", 3, hen="brown")
    (metric,) = measured(capsys.readouterr().out)
    assert metric == Metric(name="eggs", unit="Count", dimensions={"hen": "brown"}, values=[3])


def test_what_is_gathered_is_one_line_whatever_its_dimensions(capsys: Printed) -> None:
    with gathered(request="r1"):
        count("eggs", hen="brown")
        milliseconds("hatching_ms", 12.5, hen="brown")
        seconds("oldest_s", 7)
        count("eggs", 2, hen="brown")
        milliseconds("crow_ms", 4, cock="black", yard="north")
        assert capsys.readouterr().out == ""
    printed = capsys.readouterr().out
    (line,) = metric_lines(printed)
    assert line["request"] == "r1"
    assert sorted(measured(printed), key=lambda metric: metric.name) == [
        Metric(name="crow_ms", unit="Milliseconds", dimensions={"cock": "black", "yard": "north"}, values=[4]),
        Metric(name="eggs", unit="Count", dimensions={"hen": "brown"}, values=[1, 2]),
        Metric(name="hatching_ms", unit="Milliseconds", dimensions={"hen": "brown"}, values=[12.5]),
        Metric(name="oldest_s", unit="Seconds", dimensions={}, values=[7]),
    ]


def test_a_property_is_no_dimension(capsys: Printed) -> None:
    with gathered(request="r1"):
        count("eggs")
    (metric,) = measured(capsys.readouterr().out)
    assert metric.dimensions == {}


@pytest.mark.parametrize(
    ("first", "second"),
    [({"hen": "brown"}, {"hen": "white"}), ({}, {"hen": "white"}), ({"hen": "brown"}, {"cock": "black"})],
)
def test_one_metric_with_two_sets_of_dimensions_needs_two_lines(
    capsys: Printed, first: dict[str, str], second: dict[str, str]
) -> None:
    with gathered():
        count("eggs", 1, **first)
        count("eggs", 2, **second)
    printed = capsys.readouterr().out
    assert len(metric_lines(printed)) == 2
    assert (values_of(printed, "eggs", **first), values_of(printed, "eggs", **second)) == ([1], [2])


@pytest.mark.parametrize("measurements", [99, 100, 101, 250])
def test_no_line_holds_more_values_of_a_metric_than_the_format_allows(capsys: Printed, measurements: int) -> None:
    with gathered():
        for number in range(measurements):
            count("eggs", number)
            count("hens", number)
    printed = capsys.readouterr().out
    assert values_of(printed, "eggs") == values_of(printed, "hens") == list(range(measurements))
    assert len(metric_lines(printed)) == -(-measurements // 100)


def test_nothing_measured_prints_nothing(capsys: Printed) -> None:
    with gathered(request="r1"), dropped_on_failure():
        pass
    assert capsys.readouterr().out == ""


def _count_and_fail() -> None:
    with dropped_on_failure():
        count("eggs")
        count("eggs", 1 / 0)


def test_what_fails_is_not_told_but_what_was_measured_around_it_is(capsys: Printed) -> None:
    with gathered():
        count("looked")
        with pytest.raises(ZeroDivisionError):
            _count_and_fail()
    assert [metric.name for metric in measured(capsys.readouterr().out)] == ["looked"]


def test_what_succeeds_is_told_with_what_was_measured_around_it(capsys: Printed) -> None:
    with gathered():
        count("looked")
        with dropped_on_failure():
            count("eggs")
    printed = capsys.readouterr().out
    assert len(metric_lines(printed)) == 1
    assert {metric.name for metric in measured(printed)} == {"looked", "eggs"}


def test_outside_of_an_invocation_success_is_told_at_its_end(capsys: Printed) -> None:
    with dropped_on_failure():
        count("eggs")
        assert capsys.readouterr().out == ""
    assert values_of(capsys.readouterr().out, "eggs") == [1]


def test_another_thread_does_not_meddle(capsys: Printed) -> None:
    with gathered(request="r1"):
        other = threading.Thread(target=lambda: count("eggs", 5))
        other.start()
        other.join()
        count("eggs", 1)
    lines = metric_lines(capsys.readouterr().out)
    assert [(line.get("request"), line["eggs"]) for line in lines] == [(None, [5]), ("r1", [1])]

"""What an operator watches, as CloudWatch metrics in the log.

A line in CloudWatch's embedded metric format holds several metrics with different dimensions, as long as no name on it
needs two values: so an invocation prints one line, where Powertools would print one for each set of dimensions.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import sys
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from itertools import groupby
from operator import attrgetter
from typing import Any

from shared.values import frozen

NAMESPACE = "SecondBrain"

_MOST_VALUES = 100  # of one metric on one line: the format's limit


@frozen
class _Measured:
    name: str
    unit: str
    value: float
    dimensions: tuple[tuple[str, str], ...]


@frozen
class _Line:
    """One line to be; `words` are its dimensions' values, `values` its metrics' values."""

    words: dict[str, str] = field(default_factory=dict[str, str])
    values: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    directives: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def takes(self, dimensions: Mapping[str, str], names: Iterable[str]) -> bool:
        """No name would need two values."""
        agrees = all(self.words.get(name, word) == word for name, word in dimensions.items())
        return agrees and self.values.keys().isdisjoint(names)


_gathering: ContextVar[list[_Measured] | None] = ContextVar("gathering", default=None)


def count(name: str, value: float = 1, /, **dimensions: str) -> None:
    """Add to a metric. Dimensions are words of ours, few in number: each combination is a metric that is paid for."""
    _measure(name, "Count", value, dimensions)


def milliseconds(name: str, value: float, /, **dimensions: str) -> None:
    """How long something took."""
    _measure(name, "Milliseconds", value, dimensions)


def seconds(name: str, value: float, /, **dimensions: str) -> None:
    """How old something is."""
    _measure(name, "Seconds", value, dimensions)


@contextmanager
def gathered(**properties: str) -> Generator[None]:
    """Print what is measured inside at its end, in as few lines as the format allows; one, as a rule.

    `properties` stand on each line as well. They are no dimensions, so they cost nothing, and logs are found by them.
    """
    measured: list[_Measured] = []
    token = _gathering.set(measured)
    try:
        yield
    finally:
        _gathering.reset(token)
        _write(measured, properties)


class Held:
    """What was measured inside `held`, until somebody decides whether it is told."""

    def __init__(self, measured: list[_Measured]) -> None:
        self._measured = measured

    @property
    def is_above_zero(self) -> bool:
        """Whether any of it is."""
        return any(one.value > 0 for one in self._measured)

    def tell(self) -> None:
        """As if it were measured now."""
        outer = _gathering.get()
        if outer is None:
            _write(self._measured, {})
        else:
            outer += self._measured


@contextmanager
def held() -> Generator[Held]:
    """Measure inside, and tell nothing of it until asked."""
    measured: list[_Measured] = []
    token = _gathering.set(measured)
    try:
        yield Held(measured)
    finally:
        _gathering.reset(token)


@contextmanager
def dropped_on_failure() -> Generator[None]:
    """Forget what is measured inside when it fails: what a transaction undid has not happened."""
    with held() as inner:
        yield
    inner.tell()


def _measure(name: str, unit: str, value: float, dimensions: Mapping[str, str]) -> None:
    measured = _Measured(name=name, unit=unit, value=value, dimensions=tuple(sorted(dimensions.items())))
    gathering = _gathering.get()
    if gathering is None:
        _write([measured], {})
    else:
        gathering.append(measured)


def _write(measured: list[_Measured], properties: Mapping[str, str]) -> None:
    at = time.time_ns() // 1_000_000
    for line in _lines(measured):
        told = {"_aws": {"Timestamp": at, "CloudWatchMetrics": line.directives}}
        sys.stdout.write(json.dumps(told | dict(properties) | line.words | line.values, separators=(",", ":")) + "\n")


def _lines(measured: list[_Measured]) -> list[_Line]:
    lines: list[_Line] = []
    for dimensions, metrics in _sets(measured):
        words = dict(dimensions)
        line = next((line for line in lines if line.takes(words, metrics)), None)
        if line is None:
            line = _Line()
            lines.append(line)
        line.words.update(words)
        line.values.update({name: values for name, (_, values) in metrics.items()})
        told = [{"Name": name, "Unit": unit} for name, (unit, _) in metrics.items()]
        line.directives.append({"Namespace": NAMESPACE, "Dimensions": [list(words)], "Metrics": told})
    return lines


def _sets(
    measured: list[_Measured],
) -> Iterator[tuple[tuple[tuple[str, str], ...], dict[str, tuple[str, list[float]]]]]:
    """What may stand in one directive: the metrics of one set of dimensions, each with its unit and its values."""
    of_dimensions = attrgetter("dimensions")
    for dimensions, group in groupby(sorted(measured, key=of_dimensions), key=of_dimensions):
        metrics: dict[str, tuple[str, list[float]]] = {}
        for one in group:
            _, values = metrics.setdefault(one.name, (one.unit, []))
            values.append(one.value)
            if len(values) == _MOST_VALUES:
                yield dimensions, {one.name: metrics.pop(one.name)}
        if metrics:
            yield dimensions, metrics

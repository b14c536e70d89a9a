"""A metric, and an alarm on it, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Statistic = Literal["Sum", "Minimum", "Maximum", "Average", "SampleCount", "p50", "p95", "p99"]
Silence = Literal["fine", "alarm", "as_before"]
"""What it means that a metric has no value: nothing happened; it should have; or whoever measures it is silent."""

OWN = "SecondBrain"
"""The namespace of what our code measures; a test compares it with shared/metrics.py."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric by its very dimensions, with the values they have.

    With `over`, the sum of all metrics that have exactly these dimensions, whatever their values, as far as `where`
    holds: a query of Metrics Insights. It sees three hours at most, and each metric it sums is paid for.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-limits.html
    """

    name: str
    statistic: Statistic
    namespace: str = OWN
    dimensions: Mapping[str, str] = field(default_factory=dict[str, str])
    over: tuple[str, ...] = ()
    where: str = ""

    @property
    def dimension_names(self) -> frozenset[str]:
        """As whoever measures it must give them: a metric of other dimensions is another metric."""
        return frozenset(self.over or self.dimensions)

    @property
    def query(self) -> str:
        """The query of Metrics Insights; for sums `over` dimensions only."""
        what = f'SELECT SUM({self.name}) FROM SCHEMA("{self.namespace}", {", ".join(self.over)})'  # noqa: S608 - not SQL
        return f"{what} WHERE {self.where}" if self.where else what


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """When somebody is to be told.

    It rings when in `hits` of the last `looks` periods the metric was above `more_than`, or below `fewer_than`.
    `sees` is one sentence, in words of whoever is called; `heading` is that of docs/runbook.md.
    """

    name: str
    metric: Metric
    heading: str
    sees: str
    period_seconds: int
    more_than: float | None = None
    fewer_than: float | None = None
    looks: int = 1
    hits: int = 1
    silence: Silence = "fine"
    is_vital: bool = False
    """Whether a stage that has few alarms has this one as well."""

    @property
    def description(self) -> str:
        """What stands in the mail."""
        return f'{self.sees} See "{self.heading}" in docs/runbook.md.'


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One graph of the dashboard: a line for each metric, and for each that a search finds by name and dimensions."""

    title: str
    lines: tuple[Metric, ...] = ()
    found: tuple[Metric, ...] = ()


def search(metric: Metric, *, every_seconds: int) -> str:
    """A search expression for all metrics of the name that have exactly the dimensions `over`."""
    schema = ",".join((metric.namespace, *metric.over))
    return f"SEARCH('{{{schema}}} MetricName=\"{metric.name}\"', '{metric.statistic}', {every_seconds})"

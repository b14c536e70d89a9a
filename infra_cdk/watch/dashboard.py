"""The dashboard's panels as the JSON that CloudWatch reads.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from collections.abc import Sequence
from typing import Any

from infra_cdk.watch.model import Metric, Panel, search

_COLUMNS, _WIDTH, _HEIGHT = 3, 8, 6
_EVERY_SECONDS = 300
MOST_ALARMS = 100
"""That one widget shows."""


def dashboard_body(panels: Sequence[Panel], alarm_arns: Sequence[str], region: str) -> dict[str, Any]:
    """All alarms at the top, then the panels, three in a row."""
    top = {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": _COLUMNS * _WIDTH,
        "height": _HEIGHT,
        "properties": {"title": "Alarms", "alarms": list(alarm_arns[:MOST_ALARMS]), "sortBy": "stateUpdatedTimestamp"},
    }
    return {"widgets": [top, *(_widget(place, panel, region) for place, panel in enumerate(panels))]}


def _widget(place: int, panel: Panel, region: str) -> dict[str, Any]:
    row, column = divmod(place, _COLUMNS)
    return {
        "type": "metric",
        "x": column * _WIDTH,
        "y": (row + 1) * _HEIGHT,
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": panel.title,
            "view": "timeSeries",
            "region": region,
            "period": _EVERY_SECONDS,
            "metrics": [
                *(_line(metric) for metric in panel.lines),
                *([{"expression": search(metric, every_seconds=_EVERY_SECONDS)}] for metric in panel.found),
            ],
        },
    }


def _line(metric: Metric) -> list[Any]:
    dimensions = [word for pair in metric.dimensions.items() for word in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic}]

"""Counts that an operator watches, as CloudWatch metrics in the log (EMF)."""

from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE = "SecondBrain"


def count(name: str, value: int = 1, **dimensions: str) -> None:
    """Add to a metric. Dimensions are words of ours, few in number: each combination is a metric that is paid for."""
    with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace=NAMESPACE) as metric:
        for dimension, word in dimensions.items():
            metric.add_dimension(name=dimension, value=word)

"""Alarms on a database of this account. One elsewhere tells its own operators."""

from infra_cdk.watch.model import Alarm, Metric


def database_alarms(cluster: str) -> tuple[Alarm, ...]:
    """Of the cluster of that name."""
    dimensions = {"DBClusterIdentifier": cluster}
    return (
        Alarm(
            name="database-size",
            metric=Metric(namespace="AWS/RDS", name="ACUUtilization", statistic="Average", dimensions=dimensions),
            heading="The database is at its limit",
            sees="For 15 minutes the database has been nearly as large as it may become.",
            period_seconds=300,
            more_than=90,
            looks=3,
            hits=3,
        ),
    )

"""One dashboard, alarms that tell a topic, and budgets: made of infra_cdk/watch, as many as the stage is to have."""

from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
from aws_cdk import Aws
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra_cdk.constructs.alarm_topic import AlarmTopic
from infra_cdk.deployment import Deployment
from infra_cdk.names import arn, resource_name
from infra_cdk.watch.dashboard import dashboard_body
from infra_cdk.watch.model import Alarm, Metric, Silence
from infra_cdk.watch.panels import panels
from infra_cdk.watch.stage_alarms import alarms_of

_SILENCE: dict[Silence, str] = {"fine": "notBreaching", "alarm": "breaching", "as_before": "ignore"}


class ObservabilityStack(cdk.Stack):
    """`topic`, `alarms` by their name, `budgets`, and a `dashboard` where there are metrics of ours to show."""

    def __init__(self, scope: Construct, deployment: Deployment, api_id: str) -> None:
        environment = deployment.environment
        super().__init__(scope, "observability", stack_name=resource_name(environment.stage, "observability"))
        self._environment = environment
        self.topic = AlarmTopic(self, deployment)
        found = alarms_of(environment, self._named, api_id)
        self.alarms = {alarm.name: self._alarm(alarm) for alarm in found}
        self.dashboard = self._dashboard(api_id) if environment.has_metrics else None
        self.budgets = list(self._budgets())

    def _named(self, word: str) -> str:
        return resource_name(self._environment.stage, word)

    def _alarm(self, alarm: Alarm) -> cloudwatch.CfnAlarm:
        """It tells when it begins and when it is over."""
        is_ceiling = alarm.more_than is not None
        return cloudwatch.CfnAlarm(
            self,
            alarm.name,
            alarm_name=self._named(alarm.name),
            alarm_description=alarm.description,
            comparison_operator="GreaterThanThreshold" if is_ceiling else "LessThanThreshold",
            threshold=alarm.more_than if is_ceiling else alarm.fewer_than,
            evaluation_periods=alarm.looks,
            datapoints_to_alarm=alarm.hits,
            treat_missing_data=_SILENCE[alarm.silence],
            alarm_actions=[self.topic.arn],
            ok_actions=[self.topic.arn],
            **_watched(alarm.metric, alarm.period_seconds),
        )

    def _dashboard(self, api_id: str) -> cloudwatch.CfnDashboard:
        arns = [arn("cloudwatch", f"alarm:{self._named(name)}") for name in self.alarms]
        body = dashboard_body(panels(self._named, api_id), arns, Aws.REGION)
        return cloudwatch.CfnDashboard(
            self,
            "Dashboard",
            dashboard_name=self._named("all"),
            dashboard_body=self.to_json_string(body),
        )

    def _budgets(self) -> Iterator[budgets.CfnBudget]:
        """Of the whole account: it cannot be told apart by tags before somebody has switched the tags on in billing.

        A day may cost a tenth of the month: a loop is noticed on its first day, and a busy Monday is no loop.
        """
        month = self._environment.dollars_a_month
        yield self._budget("month", "MONTHLY", month, {"ACTUAL": 80, "FORECASTED": 100})
        yield self._budget("day", "DAILY", max(1, round(month / 10)), {"ACTUAL": 100})

    def _budget(self, name: str, unit: str, dollars: int, tell_at: dict[str, int]) -> budgets.CfnBudget:
        budget = budgets.CfnBudget(
            self,
            f"budget-{name}",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=self._named(f"a-{name}"),
                budget_type="COST",
                time_unit=unit,
                budget_limit=budgets.CfnBudget.SpendProperty(amount=dollars, unit="USD"),
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        comparison_operator="GREATER_THAN",
                        notification_type=kind,
                        threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=[budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=self.topic.arn)],
                )
                for kind, percent in tell_at.items()
            ],
        )
        budget.node.add_dependency(self.topic)  # its policy, too: a budget tries at once whether it may tell
        return budget


def _watched(metric: Metric, period_seconds: int) -> dict[str, Any]:
    """What an alarm looks at: one metric, or the sum that a query makes of several."""
    if metric.over:
        query = cloudwatch.CfnAlarm.MetricDataQueryProperty(
            id="sum", expression=metric.query, period=period_seconds, return_data=True
        )
        return {"metrics": [query]}
    is_percentile = metric.statistic.startswith("p")
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": [
            cloudwatch.CfnAlarm.DimensionProperty(name=name, value=value) for name, value in metric.dimensions.items()
        ],
        "period": period_seconds,
        "extended_statistic" if is_percentile else "statistic": metric.statistic,
        # One slow request at night is a hundred in a hundred.
        **({"evaluate_low_sample_count_percentile": "ignore"} if is_percentile else {}),
    }

"""What wakes functions by the clock."""

import json
from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from functions.catalogue import Function
from functions.catalogue.workers import WORKERS
from infra_cdk.constructs.catalogue_function import callable_arn
from infra_cdk.deployment import Deployment
from infra_cdk.names import resource_name
from infra_cdk.principals import service_of_this_account


class SchedulesStack(cdk.Stack):
    """One schedule for each function that has an interval, each with a role that may wake it and nothing else."""

    def __init__(self, scope: Construct, deployment: Deployment, workers: Sequence[Function] = WORKERS) -> None:
        super().__init__(scope, "schedules", stack_name=resource_name(deployment.environment.stage, "schedules"))
        self._deployment = deployment
        self.schedules = {
            worker.name: self._schedule(worker, seconds)
            for worker in workers
            if (seconds := deployment.environment.interval_seconds(worker))
        }

    def _schedule(self, function: Function, every_seconds: int) -> scheduler.CfnSchedule:
        arn = callable_arn(function, self._deployment)
        role = iam.Role(
            self,
            f"{function.name}-role",
            assumed_by=service_of_this_account("scheduler"),
            inline_policies={
                "Wake": iam.PolicyDocument(
                    statements=[iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[arn])]
                )
            },
        )
        return scheduler.CfnSchedule(
            self,
            f"{function.name}-schedule",
            name=resource_name(self._deployment.environment.stage, function.name),
            description=f"Wakes {function.name} every {every_seconds} seconds",
            schedule_expression=rate(every_seconds),
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=arn,
                role_arn=role.role_arn,
                input=json.dumps({"source": "schedule", "function": function.name}),
                # Until the next one comes, and no longer: what was missed is made good by that.
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_retry_attempts=2, maximum_event_age_in_seconds=every_seconds
                ),
            ),
        )


def rate(every_seconds: int) -> str:
    """EventBridge's words for an interval: it knows whole minutes only. Raises ValueError for any other."""
    minutes, rest = divmod(every_seconds, 60)
    if rest or not minutes:
        raise ValueError(f"A schedule of {every_seconds} seconds is no whole number of minutes.")
    return f"rate({minutes} minute{'' if minutes == 1 else 's'})"

"""A function of the catalogue as Lambda has it: code, role, log, and a version to point at."""

from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from functions.catalogue import Function
from infra_cdk.constructs.rds_authorities import rds_authorities
from infra_cdk.deployment import Deployment
from infra_cdk.environments import Environment
from infra_cdk.function_exceptions import accept_of_function, accept_of_one_try, accept_of_role
from infra_cdk.function_variables import function_variables
from infra_cdk.grants import statements
from infra_cdk.names import function_arn, log_group_name, resource_name
from infra_cdk.principals import service
from infra_cdk.removal import removal_policy

LIVE = "live"
"""The alias that callers use where functions start from snapshots, which belong to versions."""


def is_started_from_snapshot(function: Function, deployment: Deployment) -> bool:
    """Whether SnapStart is on and takes the function: none with a larger disk of its own."""
    return deployment.environment.has_snapstart and function.fits_snapshot


def callable_arn(function: Function, deployment: Deployment) -> str:
    """What a route, a queue or a schedule calls."""
    alias = LIVE if is_started_from_snapshot(function, deployment) else None
    return function_arn(deployment.environment.stage, function.name, alias=alias)


class CatalogueFunction(Construct):
    """One function with a role and a log of its own. `arn` is what is to be called, `calls` what must exist for it."""

    def __init__(self, scope: Construct, function: Function, deployment: Deployment, *, code: lambda_.Code) -> None:
        super().__init__(scope, function.name)
        self.function = function
        self.log_group = self._log_group(deployment)
        self.role = self._role(deployment)
        self.lambda_function = lambda_.Function(
            self,
            "Function",
            **self._size(deployment),
            function_name=resource_name(deployment.environment.stage, function.name),
            description=self._description(deployment.environment),
            code=code,
            handler=function.handler,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            environment=function_variables(function, deployment),
            role=self.role.without_policy_updates(),
            log_group=logs.LogGroup.from_log_group_name(self, "LogByName", self.log_group.ref),
            tracing=lambda_.Tracing.ACTIVE if deployment.environment.is_traced else lambda_.Tracing.DISABLED,
            snap_start=self._snap_start(deployment),
        )
        self._join_network(deployment)
        self._trust_rds(deployment)
        accept_of_function(self.lambda_function, function, deployment)
        self.arn = callable_arn(function, deployment)
        self.callee = self._callee(deployment)
        if every_seconds := deployment.environment.interval_seconds(function):
            self._end_with_the_interval(every_seconds, deployment)

    def _end_with_the_interval(self, every_seconds: int, deployment: Deployment) -> None:
        """Whatever a clock could not do is done when it wakes the function next: nothing is repeated or piles up."""
        settings = lambda_.CfnEventInvokeConfig(
            self,
            "OneTry",
            function_name=resource_name(deployment.environment.stage, self.function.name),
            qualifier=LIVE if is_started_from_snapshot(self.function, deployment) else "$LATEST",
            maximum_retry_attempts=0,
            maximum_event_age_in_seconds=max(60, every_seconds),
        )
        settings.node.add_dependency(self.callee)
        accept_of_one_try(settings)

    def _description(self, environment: Environment) -> str:
        """A function whose description changes starts anew, and has a new version: it reads its secrets again."""
        secrets = f", with secrets of {environment.secrets_of}" if environment.secrets_of else ""
        return f"{self.function.name} of Second Brain{secrets}"

    def _callee(self, deployment: Deployment) -> lambda_.Function | lambda_.Alias:
        """What callers depend on: the alias of the newest version where there are snapshots, else the function."""
        if not is_started_from_snapshot(self.function, deployment):
            return self.lambda_function
        version = cast("lambda_.IVersion", self.lambda_function.current_version)
        return lambda_.Alias(self, "Live", alias_name=LIVE, version=version)

    def _size(self, deployment: Deployment) -> dict[str, Any]:
        function = self.function
        reserved = function.reserved_concurrency if deployment.environment.reserves_concurrency else None
        return {
            "memory_size": function.memory_mb,
            "ephemeral_storage_size": cdk.Size.mebibytes(function.disk_mb),
            "timeout": cdk.Duration.seconds(function.timeout_seconds),
            "reserved_concurrent_executions": reserved,
        }

    def _join_network(self, deployment: Deployment) -> None:
        """Into the database's network where there is one; who asks no database stays outside, and starts sooner."""
        database = deployment.database
        if database is None or self.function.database == "none":
            return
        configuration = cast("lambda_.CfnFunction", self.lambda_function.node.default_child)
        configuration.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=list(database.subnet_ids), security_group_ids=[database.security_group_id]
        )

    def _trust_rds(self, deployment: Deployment) -> None:
        """Where it asks a cluster with no proxy before it."""
        database = deployment.database
        if database is not None and not database.is_proxied and self.function.database != "none":
            self.lambda_function.add_layers(rds_authorities(cdk.Stack.of(self)))

    def _snap_start(self, deployment: Deployment) -> lambda_.SnapStartConf | None:
        if not is_started_from_snapshot(self.function, deployment):
            return None
        return lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS

    def _log_group(self, deployment: Deployment) -> logs.CfnLogGroup:
        environment = deployment.environment
        group = logs.CfnLogGroup(
            self,
            "Log",
            log_group_name=log_group_name(environment.stage, self.function.name),
            retention_in_days=environment.log_days,
            kms_key_id=deployment.keys.at_rest,
            # This class makes no metrics of what is printed as such, and costs half.
            log_group_class=None if environment.has_metrics else "INFREQUENT_ACCESS",
        )
        group.apply_removal_policy(removal_policy(environment))
        return group

    def _role(self, deployment: Deployment) -> iam.Role:
        allowed = statements(self.function, deployment)
        document = iam.PolicyDocument.from_json({"Version": "2012-10-17", "Statement": allowed})
        role = iam.Role(
            self,
            "Role",
            assumed_by=service("lambda"),
            description=f"What {self.function.name} may do at {deployment.environment.stage}, by the catalogue",
            inline_policies={"Catalogue": document},
        )
        accept_of_role(role, self.function, allowed)
        return role

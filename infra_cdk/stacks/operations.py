"""What an operator or a deploy runs. The schema is brought forward before any new code is called."""

from collections.abc import Sequence
from typing import cast

import aws_cdk as cdk
from aws_cdk import triggers
from constructs import Construct

from functions.catalogue import Function
from functions.catalogue.operations import OPERATIONS
from infra_cdk.constructs.catalogue_function import CatalogueFunction
from infra_cdk.constructs.family_code import FamilyCode
from infra_cdk.deployment import Deployment
from infra_cdk.nag_exceptions import SOLUTIONS, accept
from infra_cdk.names import resource_name


class OperationsStack(cdk.Stack):
    """`functions` by the catalogue's name; `migrated` has happened when the schema is what the new code needs."""

    def __init__(self, scope: Construct, deployment: Deployment, operations: Sequence[Function] = OPERATIONS) -> None:
        super().__init__(scope, "operations", stack_name=resource_name(deployment.environment.stage, "operations"))
        code = FamilyCode(deployment)
        self.functions = {
            each.name: CatalogueFunction(self, each, deployment, code=code.of(each.family)) for each in operations
        }
        migrate = self.functions["migrate"]
        self.migrated = triggers.Trigger(
            self,
            "Migrated",
            handler=migrate.lambda_function,
            timeout=cdk.Duration.seconds(migrate.function.timeout_seconds),
            execute_after=[migrate],
        )
        self._accept_cdks_function(migrate)

    def _accept_cdks_function(self, migrate: CatalogueFunction) -> None:
        """Of the function by which CDK invokes ours; it makes one for all triggers of a stack."""
        role = self.node.find_child(_CALLER).node.find_child("Role")
        name = self.get_logical_id(cast("cdk.CfnElement", migrate.lambda_function.node.default_child))
        accept(
            role,
            f"{SOLUTIONS}-IAM5",
            "CDK's own function may call any version of `migrate`: each deploy publishes one, and calls that.",
            findings=(f"Resource::<{name}.Arn>:*",),
        )


_CALLER = "AWSCDK.TriggerCustomResourceProviderCustomResourceProvider"

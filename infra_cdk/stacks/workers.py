"""The functions that queues and schedules wake, and what wires queues to them."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from functions.catalogue import Function, QueueTrigger
from functions.catalogue.workers import WORKERS
from infra_cdk.constructs.catalogue_function import CatalogueFunction
from infra_cdk.constructs.family_code import FamilyCode
from infra_cdk.deployment import Deployment
from infra_cdk.function_exceptions import accept_of_mapping
from infra_cdk.names import queue_arn, resource_name


class WorkersStack(cdk.Stack):
    """`functions` by the catalogue's name."""

    def __init__(self, scope: Construct, deployment: Deployment, workers: Sequence[Function] = WORKERS) -> None:
        super().__init__(scope, "workers", stack_name=resource_name(deployment.environment.stage, "workers"))
        self._stage = deployment.environment.stage
        code = FamilyCode(deployment)
        self.functions = {
            worker.name: CatalogueFunction(self, worker, deployment, code=code.of(worker.family)) for worker in workers
        }
        for made in self.functions.values():
            for trigger in made.function.queues:
                self._wake(made, trigger)

    def _wake(self, made: CatalogueFunction, trigger: QueueTrigger) -> None:
        mapping = lambda_.CfnEventSourceMapping(
            made,
            f"From-{trigger.queue}",
            function_name=made.arn,
            event_source_arn=queue_arn(self._stage, trigger.queue),
            batch_size=trigger.batch_size,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(
                maximum_concurrency=trigger.max_concurrency
            ),
        )
        mapping.node.add_dependency(made.callee, made.role)
        accept_of_mapping(mapping)

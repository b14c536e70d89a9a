"""Every queue of the catalogue with its dead-letter queue."""

import aws_cdk as cdk
from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from functions.catalogue import OBJECT_CREATED_QUEUE, QUEUES
from infra_cdk.constructs.queue_with_dead_letters import QueueWithDeadLetters
from infra_cdk.deployment import Deployment
from infra_cdk.names import bucket_name, resource_name
from infra_cdk.principals import service


class MessagingStack(cdk.Stack):
    """`queues` by the catalogue's name."""

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(
            scope,
            "messaging",
            stack_name=resource_name(deployment.environment.stage, "messaging"),
            termination_protection=deployment.environment.is_protected,
        )
        self.queues = {queue.name: QueueWithDeadLetters(self, queue, deployment) for queue in QUEUES}
        if deployment.environment.other_store is None:
            self._let_the_bucket_tell(deployment)

    def _let_the_bucket_tell(self, deployment: Deployment) -> None:
        """The bucket of this account and stage, and no other, may say that an object was created."""
        queue = self.queues[OBJECT_CREATED_QUEUE].queue
        bucket = f"arn:{Aws.PARTITION}:s3:::{bucket_name(deployment.environment.stage)}"
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="TheBucketTells",
                principals=[service("s3")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                conditions={
                    "ArnEquals": {"aws:SourceArn": bucket},
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                },
            )
        )

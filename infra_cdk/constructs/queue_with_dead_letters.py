"""A queue of the catalogue with its dead-letter queue: encrypted, TLS only, and each leads to the other."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.catalogue import Queue
from infra_cdk.deployment import Deployment
from infra_cdk.nag_exceptions import SERVERLESS, accept
from infra_cdk.names import queue_arn, resource_name
from infra_cdk.removal import removal_policy

RETENTION = cdk.Duration.days(14)
"""The longest SQS allows: a message outlives a fortnight in which nobody reads it."""

_KEY_REUSE = cdk.Duration.hours(1)
"""For so long SQS takes the same data key: fewer calls of KMS, which are paid for."""


class QueueWithDeadLetters(Construct):
    """The queue, and where a message goes after `max_receive_count` receives."""

    def __init__(self, scope: Construct, queue: Queue, deployment: Deployment) -> None:
        super().__init__(scope, queue.name)
        self._stage = deployment.environment.stage
        self._removal = removal_policy(deployment.environment)
        key_arn = deployment.keys.at_rest
        self._key = kms.Key.from_key_arn(self, "Key", key_arn) if key_arn else None
        self.dead_letters = self._dead_letters(queue)
        self.queue = self._made(
            "Queue",
            queue.name,
            visibility_timeout=cdk.Duration.seconds(queue.visibility_timeout_seconds),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=queue.max_receive_count, queue=self.dead_letters),
        )

    def _dead_letters(self, queue: Queue) -> sqs.Queue:
        source = sqs.Queue.from_queue_arn(self, "Source", queue_arn(self._stage, queue.name))
        allowed = sqs.RedriveAllowPolicy(redrive_permission=sqs.RedrivePermission.BY_QUEUE, source_queues=[source])
        # Whoever receives dead letters and does not say for how long is given as long as a worker.
        hidden = cdk.Duration.seconds(queue.visibility_timeout_seconds)
        made = self._made(
            "DeadLetters", queue.dead_letter_name, visibility_timeout=hidden, redrive_allow_policy=allowed
        )
        reason = "This is a dead-letter queue: what lies in it is for people to see, and goes nowhere by itself."
        accept(made, f"{SERVERLESS}-SQSRedrivePolicy", reason)
        return made

    def _made(
        self,
        construct_id: str,
        name: str,
        *,
        visibility_timeout: cdk.Duration,
        dead_letter_queue: sqs.DeadLetterQueue | None = None,
        redrive_allow_policy: sqs.RedriveAllowPolicy | None = None,
    ) -> sqs.Queue:
        return sqs.Queue(
            self,
            construct_id,
            queue_name=resource_name(self._stage, name),
            visibility_timeout=visibility_timeout,
            dead_letter_queue=dead_letter_queue,
            redrive_allow_policy=redrive_allow_policy,
            retention_period=RETENTION,
            receive_message_wait_time=cdk.Duration.seconds(20),
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.KMS if self._key else sqs.QueueEncryption.SQS_MANAGED,
            encryption_master_key=self._key,
            data_key_reuse=_KEY_REUSE if self._key else None,
            removal_policy=self._removal,
        )

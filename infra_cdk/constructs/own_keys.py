"""Two keys of KMS: one encrypts everything at rest, the other is the vault's master key."""

from typing import cast

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra_cdk.deployment import Keys
from infra_cdk.environments import Environment
from infra_cdk.names import arn, resource_name
from infra_cdk.principals import service
from infra_cdk.removal import removal_policy

_SERVICES = {
    "the bucket tells the queue": "s3",
    "alarms tell a topic": "cloudwatch",
    "the budget tells a topic": "budgets",
}
"""Who puts what into our queues and topics by itself, and must encrypt it for that."""


class OwnKeys(Construct):
    """`keys` for roles and resources, `at_rest` for what wants the key itself. Both rotate once a year."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(scope, "Keys")
        removal = removal_policy(environment)
        self._made = kms.Key(
            self,
            "AtRest",
            description=f"Everything at rest of {resource_name(environment.stage, 'all')}",
            enable_key_rotation=True,
            removal_policy=removal,
        )
        self.at_rest = cast("kms.IKey", self._made)
        for sid, name in _SERVICES.items():
            self._let(sid, service(name), {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}})
        logs = arn("logs", f"log-group:*{resource_name(environment.stage, '*')}")
        self._let(
            "logs",
            service(f"logs.{Aws.REGION}"),
            {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs}},
        )
        self.vault = kms.Key(
            self,
            "Vault",
            description=f"Wraps the data keys of users' secrets at {environment.stage} (docs/adr/0035)",
            enable_key_rotation=True,
            removal_policy=removal,
        )
        self.keys = Keys(at_rest=self._made.key_arn, vault=self.vault.key_arn)

    def _let(self, sid: str, principal: iam.IPrincipal, conditions: dict[str, dict[str, str]]) -> None:
        words = "".join(word.capitalize() for word in sid.split())
        self._made.add_to_resource_policy(
            iam.PolicyStatement(
                sid=words,
                principals=[principal],
                actions=["kms:Decrypt", "kms:GenerateDataKey*", "kms:Encrypt", "kms:ReEncrypt*", "kms:DescribeKey"],
                resources=["*"],
                conditions=conditions,
            )
        )

"""The role that owns the database's tables, made once, when the cluster is: migrations then come with a token of IAM.

RDS's master user has a password, which no function is to know, and some things only that user may do. They are done by
RDS's Data API, in one statement, which changes nothing when it is repeated.
"""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import custom_resources as custom
from constructs import Construct

from infra_cdk.database_access import DATABASE_NAME, ROLES
from infra_cdk.nag_exceptions import SERVERLESS, SOLUTIONS, accept

_STATEMENT = f"""
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLES["owner"]}') THEN
    CREATE ROLE {ROLES["owner"]} LOGIN CREATEROLE;
  END IF;
  GRANT rds_iam TO {ROLES["owner"]} WITH ADMIN OPTION;
  GRANT {ROLES["owner"]} TO CURRENT_USER;
  ALTER DATABASE {DATABASE_NAME} OWNER TO {ROLES["owner"]};
  CREATE EXTENSION IF NOT EXISTS vector;
END
$$
"""
_SHARED_BY_CDK = "AWS679f53fac002430cb0da5b7982bd2287"
"""CDK's name for its one function that calls AWS for a stack."""

_ONCE = "CDK's own function for one call when the cluster is made: CloudFormation waits for it and is told what failed."


class DatabaseOwner(Construct):
    """Asks the new cluster to make the role."""

    def __init__(self, scope: Construct, cluster: rds.DatabaseCluster, *, key: kms.IKey | None) -> None:
        super().__init__(scope, "Owner")
        properties = cast("rds.CfnDBCluster", cluster.node.default_child)
        secret_arn = properties.attr_master_user_secret_secret_arn
        self.made = custom.AwsCustomResource(
            self,
            "Made",
            on_create=custom.AwsSdkCall(
                service="rds-data",
                action="ExecuteStatement",
                parameters={
                    "resourceArn": cluster.cluster_arn,
                    "secretArn": secret_arn,
                    "database": DATABASE_NAME,
                    "sql": _STATEMENT,
                },
                physical_resource_id=custom.PhysicalResourceId.of(ROLES["owner"]),
            ),
            policy=custom.AwsCustomResourcePolicy.from_statements(
                [
                    iam.PolicyStatement(actions=["rds-data:ExecuteStatement"], resources=[cluster.cluster_arn]),
                    iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[secret_arn]),
                    *([iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key.key_arn])] if key else []),
                ]
            ),
            install_latest_aws_sdk=False,
            memory_size=256,
        )
        self.made.node.add_dependency(cluster)
        self._accept_cdks_function()

    def _accept_cdks_function(self) -> None:
        shared = cdk.Stack.of(self).node.find_child(_SHARED_BY_CDK)
        for rule in ("LambdaDLQ", "LambdaTracing"):
            accept(shared, f"{SERVERLESS}-{rule}", _ONCE)
        accept(
            shared.node.find_child("ServiceRole"),
            f"{SOLUTIONS}-IAM4",
            "CDK's own function, whose role CDK gives AWS's policy for writing a log, and no more than that.",
            findings=("Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",),
        )

"""The role that owns the database's tables, made once, when the cluster is: migrations then come with a token of IAM.

RDS's master user has a password, which no function is to know, and some things only that user may do. They are done by
RDS's Data API, in one statement, which changes nothing when it is repeated.
"""

from aws_cdk import aws_rds as rds
from aws_cdk import custom_resources as custom
from constructs import Construct

from infra_cdk.database_access import DATABASE_NAME, ROLES

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


class DatabaseOwner(Construct):
    """Asks the new cluster to make the role."""

    def __init__(self, scope: Construct, cluster: rds.DatabaseCluster) -> None:
        super().__init__(scope, "Owner")
        secret = cluster.secret
        if secret is None:
            raise RuntimeError("The cluster has no secret of its master user.")
        ask = custom.AwsSdkCall(
            service="rds-data",
            action="ExecuteStatement",
            parameters={
                "resourceArn": cluster.cluster_arn,
                "secretArn": secret.secret_arn,
                "database": DATABASE_NAME,
                "sql": _STATEMENT,
            },
            physical_resource_id=custom.PhysicalResourceId.of(ROLES["owner"]),
        )
        self.asked = custom.AwsCustomResource(
            self,
            "Made",
            on_create=ask,
            policy=custom.AwsCustomResourcePolicy.from_sdk_calls(resources=[cluster.cluster_arn]),
            install_latest_aws_sdk=False,
        )
        secret.grant_read(self.asked)
        self.asked.node.add_dependency(cluster)

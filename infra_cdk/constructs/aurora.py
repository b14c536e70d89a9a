"""Aurora PostgreSQL, Serverless v2: it sleeps when nobody asks, and takes tokens instead of passwords."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from infra_cdk.constructs.database_owner import DatabaseOwner
from infra_cdk.constructs.network import Network
from infra_cdk.database_access import DATABASE_NAME, PORT, ROLES, DatabaseAccess
from infra_cdk.environments import AuroraDatabase, Environment
from infra_cdk.nag_exceptions import SOLUTIONS, accept
from infra_cdk.names import arn, resource_name
from infra_cdk.principals import service

_BACKUP_DAYS = {"dev": 1, "staging": 7, "prod": 35}
"""So far back any second can be restored; 35 days are RDS's most."""

_SLEEPS_AFTER = cdk.Duration.minutes(5)
"""The shortest that Aurora takes. Woken, it answers after some 15 seconds."""


class Aurora(Construct):
    """`access` for whoever asks it."""

    def __init__(
        self,
        scope: Construct,
        environment: Environment,
        database: AuroraDatabase,
        network: Network,
        *,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, "Aurora")
        self._environment, self._network = environment, network
        self.cluster = self._cluster(database, key)
        self.owner = DatabaseOwner(self, self.cluster, key=key)
        proxy = self._proxy() if database.has_proxy else None
        asked = proxy.connections if proxy else self.cluster.connections
        asked.allow_from(network.functions, ec2.Port.tcp(PORT), "Functions ask the database")
        self.access = DatabaseAccess(
            host=proxy.endpoint if proxy else self.cluster.cluster_endpoint.hostname,
            resource_id=self._proxy_id(proxy) if proxy else self.cluster.cluster_resource_identifier,
            security_group_id=network.functions.security_group_id,
            is_proxied=proxy is not None,
            subnet_ids=tuple(network.vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS).subnet_ids),
        )

    def _cluster(self, database: AuroraDatabase, key: kms.IKey | None) -> rds.DatabaseCluster:
        environment = self._environment
        cluster = rds.DatabaseCluster(
            self,
            "Cluster",
            cluster_identifier=resource_name(environment.stage, "database"),
            engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_18_4),
            writer=rds.ClusterInstance.serverless_v2("writer", auto_minor_version_upgrade=True),
            serverless_v2_min_capacity=database.min_acu,
            serverless_v2_max_capacity=database.max_acu,
            serverless_v2_auto_pause_duration=_SLEEPS_AFTER if database.min_acu == 0 else None,
            credentials=rds.Credentials.from_username("postgres", encryption_key=key),
            manage_master_user_password=True,  # RDS keeps it, and changes it every week: nobody of ours reads it
            default_database_name=DATABASE_NAME,
            iam_authentication=True,
            enable_data_api=True,
            storage_encrypted=True,
            storage_encryption_key=key,
            backup=rds.BackupProps(retention=cdk.Duration.days(_BACKUP_DAYS[environment.stage])),
            copy_tags_to_snapshot=True,
            deletion_protection=environment.is_protected,
            removal_policy=cdk.RemovalPolicy.RETAIN if environment.is_protected else cdk.RemovalPolicy.DESTROY,
            vpc=self._network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            parameters={"rds.force_ssl": "1", "log_min_duration_statement": "1000"},
        )
        if not environment.is_protected:
            self._accept_unprotected(cluster)
        return cluster

    def _accept_unprotected(self, cluster: rds.DatabaseCluster) -> None:
        accept(
            cluster,
            f"{SOLUTIONS}-RDS10",
            "Only production is protected: other stages are made to be removed, and `make destroy` must be able to.",
        )

    def _proxy(self) -> rds.DatabaseProxy:
        """Tokens from end to end: with a secret, the proxy could let in none but the role of that secret."""
        return rds.DatabaseProxy(
            self,
            "Proxy",
            db_proxy_name=resource_name(self._environment.stage, "database"),
            proxy_target=rds.ProxyTarget.from_cluster(self.cluster),
            default_auth_scheme=rds.DefaultAuthScheme.IAM_AUTH,
            iam_auth=True,
            role=cast("iam.IRole", self._proxy_role()),
            require_tls=True,
            vpc=self._network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        )

    def _proxy_role(self) -> iam.Role:
        """The proxy signs a token of its own for the cluster, as whichever role asked it; CDK gives it no right to.

        https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html
        """
        cluster = self.cluster.cluster_resource_identifier
        connect = iam.PolicyStatement(
            actions=["rds-db:connect"], resources=[arn("rds-db", f"dbuser:{cluster}/{role}") for role in ROLES.values()]
        )
        return iam.Role(
            self,
            "ProxyRole",
            assumed_by=service("rds"),
            inline_policies={"Connect": iam.PolicyDocument(statements=[connect])},
        )

    def _proxy_id(self, proxy: rds.DatabaseProxy) -> str:
        """`prx-...`, the last word of its ARN."""
        return cdk.Fn.select(6, cdk.Fn.split(":", proxy.db_proxy_arn))

"""The bucket: nobody's but ours, TLS only, encrypted; it tells a queue what phones have sent."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from functions.catalogue import NOTICED_PREFIX, OBJECT_CREATED_QUEUE
from functions.catalogue.browsers import BUCKET_MAX_AGE_SECONDS, BUCKET_METHODS, BUCKET_RESPONSE_HEADERS
from infra_cdk.deployment import Deployment
from infra_cdk.names import bucket_name, queue_arn, resource_name
from infra_cdk.removal import removal_policy

_UNFINISHED_DAYS = 7
"""A second net below the sweep, which abandons unfinished uploads after two days."""

_COPIES_DAYS = 7
"""The same for exports and imports, which the sweep removes within two days: they are copies of what is elsewhere."""

_ACCESS_LOG_DAYS = 90


class StorageStack(cdk.Stack):
    """`bucket`, and beside it one for the record of who asked for what."""

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        environment = deployment.environment
        super().__init__(
            scope,
            "storage",
            stack_name=resource_name(environment.stage, "storage"),
            termination_protection=environment.is_protected,
        )
        self._removal = removal_policy(environment)
        self.access_log = self._access_log()
        self.bucket = self._bucket(deployment)
        self._tell_the_queue(deployment)

    def _bucket(self, deployment: Deployment) -> s3.Bucket:
        environment, key_arn = deployment.environment, deployment.keys.at_rest
        return s3.Bucket(
            self,
            "Media",
            bucket_name=bucket_name(environment.stage),
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            encryption=s3.BucketEncryption.KMS if key_arn else s3.BucketEncryption.S3_MANAGED,
            encryption_key=kms.Key.from_key_arn(self, "Key", key_arn) if key_arn else None,
            bucket_key_enabled=bool(key_arn),
            versioned=environment.undelete_days > 0,
            cors=self._cors(environment.origins),
            lifecycle_rules=self._rules(environment.undelete_days),
            server_access_logs_bucket=self.access_log,
            server_access_logs_prefix="media/",
            removal_policy=self._removal,
        )

    def _cors(self, origins: tuple[str, ...]) -> list[s3.CorsRule]:
        """Pages of these origins may use signed URLs; who has none can do nothing here."""
        if not origins:
            return []
        return [
            s3.CorsRule(
                allowed_origins=list(origins),
                allowed_methods=[s3.HttpMethods[method] for method in BUCKET_METHODS],
                allowed_headers=["*"],
                exposed_headers=list(BUCKET_RESPONSE_HEADERS),
                max_age=BUCKET_MAX_AGE_SECONDS,
            )
        ]

    def _rules(self, undelete_days: int) -> list[s3.LifecycleRule]:
        """What goes by itself. Recordings never do: only their users and the sweep remove them, by name."""
        unfinished = cdk.Duration.days(_UNFINISHED_DAYS)
        rules = [s3.LifecycleRule(id="unfinished-uploads", abort_incomplete_multipart_upload_after=unfinished)]
        rules += [
            s3.LifecycleRule(id=f"copies-{name}", prefix=f"{name}/", expiration=cdk.Duration.days(_COPIES_DAYS))
            for name in ("exports", "imports")
        ]
        if undelete_days:
            kept = cdk.Duration.days(undelete_days)
            rules.append(
                s3.LifecycleRule(
                    id="removed-for-good", noncurrent_version_expiration=kept, expired_object_delete_marker=True
                )
            )
        return rules

    def _access_log(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "AccessLog",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            encryption=s3.BucketEncryption.S3_MANAGED,
            lifecycle_rules=[
                s3.LifecycleRule(id="old-records", expiration=cdk.Duration.days(_ACCESS_LOG_DAYS)),
            ],
            removal_policy=self._removal,
        )

    def _tell_the_queue(self, deployment: Deployment) -> None:
        """In the bucket's own properties: CDK's way would bring a function of its own to write them."""
        properties = cast("s3.CfnBucket", self.bucket.node.default_child)
        rule = s3.CfnBucket.FilterRuleProperty(name="prefix", value=NOTICED_PREFIX)
        properties.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(
                    event="s3:ObjectCreated:*",
                    queue=queue_arn(deployment.environment.stage, OBJECT_CREATED_QUEUE),
                    filter=s3.CfnBucket.NotificationFilterProperty(
                        s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=[rule])
                    ),
                )
            ]
        )

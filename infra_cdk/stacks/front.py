"""CloudFront and WAF before the API: in us-east-1, where both must be, so it knows the API by its origin's domain."""

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from infra_cdk.environments import Environment
from infra_cdk.nag_exceptions import SOLUTIONS, accept
from infra_cdk.names import resource_name

_REQUESTS_IN_FIVE_MINUTES = 2_000
"""Of one address, which may be a whole office."""

_ACCESS_LOG_DAYS = 90


class FrontStack(cdk.Stack):
    """A distribution that caches nothing, and the rules before it."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(
            scope,
            "front",
            stack_name=resource_name(environment.stage, "front"),
            env=cdk.Environment(region="us-east-1"),
        )
        front = environment.front
        self.rules = self._rules(environment)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=resource_name(environment.stage, "api"),
            domain_names=[front.domain],
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", front.certificate),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            web_acl_id=self.rules.attr_arn,
            enable_logging=True,
            log_bucket=self._log_bucket(),
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.HttpOrigin(front.origin_domain, read_timeout=cdk.Duration.seconds(30)),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            ),
        )
        accept(
            self.distribution,
            f"{SOLUTIONS}-CFR1",
            "People take their notes with them wherever they travel: no country is shut out.",
        )
        cdk.CfnOutput(
            self,
            "Target",
            value=self.distribution.distribution_domain_name,
            description=f"Make a CNAME of {front.domain} that leads here",
        )

    def _rules(self, environment: Environment) -> wafv2.CfnWebACL:
        """By address only. Rules that look into bodies would refuse notes for what people wrote down in them."""
        return wafv2.CfnWebACL(
            self,
            "Rules",
            name=resource_name(environment.stage, "api"),
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_seen("rules"),
            rules=[
                wafv2.CfnWebACL.RuleProperty(
                    name="too-often",
                    priority=0,
                    action=wafv2.CfnWebACL.RuleActionProperty(block={}),
                    statement=wafv2.CfnWebACL.StatementProperty(
                        rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                            limit=_REQUESTS_IN_FIVE_MINUTES, aggregate_key_type="IP"
                        )
                    ),
                    visibility_config=_seen("too-often"),
                ),
                wafv2.CfnWebACL.RuleProperty(
                    name="known-attackers",
                    priority=1,
                    override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
                    statement=wafv2.CfnWebACL.StatementProperty(
                        managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                            vendor_name="AWS", name="AWSManagedRulesAmazonIpReputationList"
                        )
                    ),
                    visibility_config=_seen("known-attackers"),
                ),
            ],
        )

    def _log_bucket(self) -> s3.Bucket:
        """CloudFront writes its log with an access control list, so this bucket, and no other, knows those."""
        bucket = s3.Bucket(
            self,
            "AccessLog",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.OBJECT_WRITER,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            encryption=s3.BucketEncryption.S3_MANAGED,
            lifecycle_rules=[s3.LifecycleRule(id="old-records", expiration=cdk.Duration.days(_ACCESS_LOG_DAYS))],
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        accept(
            bucket,
            f"{SOLUTIONS}-S1",
            "This bucket holds the access log itself; logging access to it would write a log of a log without end.",
        )
        return bucket


def _seen(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )

"""What AWS and two hosts of Postgres charge, in US dollars before tax, for the region us-east-1.

As found on 2026-11-22 on copies of the vendors' pages or, where there was none, quoted by others: compare them with
your invoices. Providers of AI are priced by `shared/ai/tariff.py`. Free allowances are those that never end; the twelve
months that a new account gets are left out, for they end.
"""

from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Price:
    """`dollars` for `per` units of `unit`; of an account's units of a month the first `free` cost nothing."""

    dollars: float
    unit: str
    source: str
    per: float = 1
    free: float = 0

    def of(self, quantity: float, *, is_free_tier_used: bool) -> float:
        """Dollars for so many units; with the free tier, as if nothing else in the account used it."""
        charged = max(0.0, quantity - self.free) if is_free_tier_used else quantity
        return charged * self.dollars / self.per


_LAMBDA = "aws.amazon.com/lambda/pricing"
_CLOUDWATCH = "aws.amazon.com/cloudwatch/pricing"
_S3 = "aws.amazon.com/s3/pricing"
_AURORA = "aws.amazon.com/rds/aurora/pricing"
_VPC = "aws.amazon.com/vpc/pricing"
_WAF = "aws.amazon.com/waf/pricing"

PRICES = {
    "lambda_requests": Price(dollars=0.20, per=MILLION, unit="invocations", free=MILLION, source=_LAMBDA),
    "lambda_time": Price(dollars=0.0000133334, unit="GB-seconds (arm64)", free=400_000, source=_LAMBDA),
    "snapshot_kept": Price(dollars=0.0000015046, unit="GB-seconds of a cached snapshot", source=_LAMBDA),
    "gateway": Price(
        dollars=1.00, per=MILLION, unit="requests of an HTTP API", source="aws.amazon.com/api-gateway/pricing"
    ),
    "queue": Price(
        dollars=0.40, per=MILLION, unit="requests of SQS", free=MILLION, source="aws.amazon.com/sqs/pricing"
    ),
    "scheduler": Price(
        dollars=1.00,
        per=MILLION,
        unit="invocations by a schedule",
        free=14 * MILLION,
        source="aws.amazon.com/eventbridge/pricing",
    ),
    "bucket_kept": Price(dollars=0.023, unit="GB-months in S3", source=_S3),
    "bucket_writes": Price(dollars=0.005, per=1_000, unit="PUT, POST and LIST of S3", source=_S3),
    "bucket_reads": Price(dollars=0.0004, per=1_000, unit="GET and HEAD of S3", source=_S3),
    "transfer": Price(
        dollars=0.09, unit="GB out to the internet", free=100, source="aws.amazon.com/ec2/pricing/on-demand"
    ),
    "log_taken": Price(dollars=0.50, unit="GB of log taken in", free=5, source=_CLOUDWATCH),
    "log_kept": Price(dollars=0.03, unit="GB-months of log kept", source=_CLOUDWATCH),
    "metric": Price(dollars=0.30, unit="metrics of our own, by the hour", free=10, source=_CLOUDWATCH),
    "alarm": Price(dollars=0.10, unit="alarms", free=10, source=_CLOUDWATCH),
    "trace": Price(
        dollars=5.00, per=MILLION, unit="traces of X-Ray", free=100_000, source="aws.amazon.com/xray/pricing"
    ),
    "dashboard": Price(dollars=3.00, unit="dashboards of more than 50 metrics", source=_CLOUDWATCH),
    "secret": Price(dollars=0.40, unit="secrets in Secrets Manager", source="aws.amazon.com/secrets-manager/pricing"),
    "parameter": Price(
        dollars=0.0, unit="secrets in Parameter Store (standard)", source="aws.amazon.com/systems-manager/pricing"
    ),
    "key": Price(dollars=1.00, unit="keys of our own in KMS", source="aws.amazon.com/kms/pricing"),
    "firewall": Price(dollars=5.00, unit="web ACLs", source=_WAF),
    "firewall_rule": Price(dollars=1.00, unit="rules of a web ACL", source=_WAF),
    "firewall_requests": Price(dollars=0.60, per=MILLION, unit="requests looked at by WAF", source=_WAF),
    "edge_requests": Price(
        dollars=1.00,
        per=MILLION,
        unit="requests of CloudFront",
        free=10 * MILLION,
        source="aws.amazon.com/cloudfront/pricing",
    ),
    "aurora_capacity": Price(dollars=0.12, unit="ACU-hours of Aurora Serverless v2", source=_AURORA),
    "aurora_kept": Price(dollars=0.10, unit="GB-months of Aurora", source=_AURORA),
    "aurora_io": Price(dollars=0.20, per=MILLION, unit="reads and writes of Aurora's storage", source=_AURORA),
    "proxy": Price(dollars=0.015, unit="ACU-hours of RDS Proxy, 8 at least", source="aws.amazon.com/rds/proxy/pricing"),
    "nat_gateway": Price(dollars=0.045, unit="hours of a NAT gateway", source=_VPC),
    "nat_gigabyte": Price(dollars=0.045, unit="GB through a NAT gateway", source=_VPC),
    "nat_instance": Price(
        dollars=0.0042, unit="hours of a t4g.nano as NAT", source="aws.amazon.com/ec2/pricing/on-demand"
    ),
    "address": Price(dollars=0.005, unit="hours of a public IPv4 address", source=_VPC),
    "neon_compute": Price(dollars=0.106, unit="CU-hours of Neon (Launch)", source="neon.com/pricing"),
    "neon_kept": Price(dollars=0.35, unit="GB-months of Neon (Launch)", source="neon.com/pricing"),
    "supabase": Price(dollars=25.00, unit="months of Supabase Pro", source="supabase.com/pricing"),
}

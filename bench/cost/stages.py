"""What a stage is made of, as far as somebody charges for it while nobody uses it; read from its own settings."""

from dataclasses import dataclass
from typing import Literal

from functions.catalogue import FUNCTIONS
from infra_cdk.environments import AuroraDatabase, Environment, environment_of
from infra_cdk.watch.stage_alarms import alarms_of

Database = Literal["free", "neon", "supabase", "aurora", "aurora and proxy"]

MAPPINGS = sum(len(function.queues) for function in FUNCTIONS)
"""Event source mappings: each polls its queue day and night."""

OWN_KEYS = 2
"""Of a stage that has its own: what encrypts everything at rest, and what wraps the secrets of users."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What it has; the last two are switches that are not built (docs/cost.md).

    `slowest_schedule_seconds`: schedules of the catalogue are not quicker than that.
    `pollers`: of each mapping. Five, and with a `MaximumConcurrency` it stays at five; two without, once it is quiet:
    docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html.
    """

    database: Database
    secrets: int
    alarms: int
    dashboards: int
    keys: int = 0
    has_edge: bool = False
    way_out: Literal["none", "nat_gateway", "nat_instance"] = "none"
    is_snapshot_kept: bool = False
    is_traced: bool = False
    are_secrets_parameters: bool = False
    has_metrics: bool = True
    slowest_schedule_seconds: int = 60
    mappings: int = MAPPINGS
    pollers: int = 5


def stage_of(host: Database, **said: str) -> Stage:
    """A stage as its options make it; `host` is who has the database where it is elsewhere.

    Raises:
        WrongOption: there is no such option, or it cannot have that value.
    """
    environment = environment_of(said)
    return Stage(
        database=_database(environment, host),
        secrets=len(secret_groups(environment)),
        alarms=len(alarms_of(environment, str, "api")),
        dashboards=1 if environment.has_metrics else 0,
        keys=OWN_KEYS if environment.has_own_key else 0,
        has_edge=environment.front.has_cloudfront,
        way_out=_way_out(environment),
        is_snapshot_kept=environment.has_snapstart,
        is_traced=environment.is_traced,
        are_secrets_parameters=not environment.has_secrets_manager,
        has_metrics=environment.has_metrics,
        slowest_schedule_seconds=environment.slowest_schedule_seconds,
    )


def secret_groups(environment: Environment) -> set[str]:
    """The groups of secrets there are; a test compares them with what the functions of the stage are given.

    It is said once more here, for what gives it to them waits a second for CDK.
    """
    groups = {group for function in FUNCTIONS for group in function.secret_groups}
    if environment.other_store is None:
        groups -= {"bucket"}
    if environment.has_own_key:
        groups -= {"vault"}
    if isinstance(environment.database, AuroraDatabase):
        groups = {group for group in groups if not group.startswith("database-")}
    return groups


def _database(environment: Environment, host: Database) -> Database:
    if not isinstance(environment.database, AuroraDatabase):
        return host
    return "aurora and proxy" if environment.database.has_proxy else "aurora"


def _way_out(environment: Environment) -> Literal["none", "nat_gateway", "nat_instance"]:
    if not isinstance(environment.database, AuroraDatabase):
        return "none"
    return "nat_gateway" if environment.database.way_out == "gateway" else "nat_instance"


_FRONT = {
    "cloudfront": "yes",
    "domain": "api.example.com",
    "certificate": "arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000000",
    "origin_domain": "origin.example.com",
    "origin_certificate": "arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000001",
}
_AURORA = {"db": "aurora"}

DEV = stage_of("neon", stage="dev")
PROD = stage_of("neon", stage="prod")
WHOLE = stage_of("neon", stage="prod", **_AURORA, proxy="yes", nat="gateway", **_FRONT)

STAGES: dict[str, Stage] = {
    "dev, a free plan of Supabase": stage_of("free", stage="dev"),
    "dev, Neon": DEV,
    "staging, Neon": stage_of("neon", stage="staging"),
    "prod, Neon": PROD,
    "prod, Supabase": stage_of("supabase", stage="prod"),
    "prod, Neon, CloudFront and WAF": stage_of("neon", stage="prod", **_FRONT),
    "prod, Neon, SnapStart": stage_of("neon", stage="prod", snapstart="yes"),
    "dev, Aurora, NAT instance": stage_of("neon", stage="dev", **_AURORA),
    "prod, Aurora, NAT instance": stage_of("neon", stage="prod", **_AURORA),
    "prod, Aurora, NAT gateway": stage_of("neon", stage="prod", **_AURORA, nat="gateway"),
    "prod, Aurora and proxy, NAT gateway": stage_of("neon", stage="prod", **_AURORA, proxy="yes", nat="gateway"),
    "prod, all of it: Aurora, proxy, NAT gateway, CloudFront, WAF": WHOLE,
}

"""What a stage is made of, as far as somebody charges for it while nobody uses it."""

from dataclasses import dataclass, replace
from typing import Literal

from functions.catalogue import FUNCTIONS
from infra_cdk.watch.catalogue_alarms import account_alarms, api_alarms, function_alarms, queue_alarms
from infra_cdk.watch.own_alarms import own_alarms

Database = Literal["free", "neon", "supabase", "aurora", "aurora and proxy"]
WayOut = Literal["none", "nat_gateway", "nat_instance"]

SECRETS = len({group for function in FUNCTIONS for group in function.secret_groups})
"""Groups of secrets of a stage: what Secrets Manager would charge for."""

_ALARMS = (
    *queue_alarms(str),
    *function_alarms(str),
    *account_alarms(most_at_once=1_000),
    *api_alarms("api", gateway_seconds=30),
    *own_alarms(provider_cents_a_day=1_000),
)
ALL_ALARMS = len(_ALARMS)
"""Those that sum over dimensions are charged for each metric they find; while nobody does anything, none."""

VITAL_ALARMS = sum(alarm.is_vital for alarm in _ALARMS)
"""What a stage has that has few."""

MAPPINGS = sum(len(function.queues) for function in FUNCTIONS)
"""Event source mappings: each polls its queue day and night."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """`slowest_schedule_seconds`: schedules of the catalogue are not quicker than that; None leaves them as they are.

    `pollers`: of each mapping. Five, and with a `MaximumConcurrency` it stays at five; two without, once it is quiet:
    docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html.
    """

    name: str
    database: Database = "neon"
    are_secrets_parameters: bool = False
    alarms: int = VITAL_ALARMS
    dashboards: int = 0
    keys: int = 0
    has_edge: bool = False
    way_out: WayOut = "none"
    is_snapshot_kept: bool = False
    are_gauges_told: bool = True
    slowest_schedule_seconds: int | None = None
    mappings: int = MAPPINGS
    pollers: int = 5


PROD = Stage(name="prod", alarms=ALL_ALARMS, dashboards=1, keys=1)
STAGING = replace(PROD, name="staging", alarms=VITAL_ALARMS)
DEV = Stage(name="dev", database="free", are_secrets_parameters=True)

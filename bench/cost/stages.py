"""What a stage is made of, as far as somebody charges for it while nobody uses it."""

from dataclasses import dataclass, replace
from typing import Literal

from functions.catalogue import FUNCTIONS, QUEUES

Database = Literal["free", "neon", "supabase", "aurora", "aurora and proxy"]
WayOut = Literal["none", "nat_gateway", "nat_instance"]

SECRETS = len({group for function in FUNCTIONS for group in function.secret_groups})
"""Groups of secrets of a stage: what Secrets Manager would charge for."""

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
    alarms: int = len(QUEUES)
    dashboards: int = 0
    keys: int = 0
    has_edge: bool = False
    way_out: WayOut = "none"
    is_snapshot_kept: bool = False
    are_metrics_sent: bool = True
    slowest_schedule_seconds: int | None = None
    mappings: int = MAPPINGS
    pollers: int = 5


PROD = Stage(name="prod", alarms=60, dashboards=1, keys=1)
STAGING = replace(PROD, name="staging")
DEV = Stage(name="dev", database="free", are_secrets_parameters=True)

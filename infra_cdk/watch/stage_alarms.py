"""Which alarms a stage has, by its environment."""

from infra_cdk.environments import AuroraDatabase, Environment
from infra_cdk.watch.catalogue_alarms import Named, account_alarms, api_alarms, function_alarms, queue_alarms
from infra_cdk.watch.database_alarms import database_alarms
from infra_cdk.watch.model import Alarm
from infra_cdk.watch.own_alarms import own_alarms

GATEWAY_SECONDS = 30
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""


def alarms_of(environment: Environment, named: Named, api_id: str) -> tuple[Alarm, ...]:
    """All of them, or the vital ones; without metrics of ours, none that looks at one."""
    has_cluster = isinstance(environment.database, AuroraDatabase)
    ours = own_alarms(environment.provider_dollars_a_day * 100) if environment.has_metrics else ()
    every = (
        *queue_alarms(named, environment.interval_seconds),
        *function_alarms(named, environment.interval_seconds),
        *account_alarms(environment.most_at_once),
        *api_alarms(api_id, GATEWAY_SECONDS),
        *(database_alarms(named("database")) if has_cluster else ()),
        *ours,
    )
    return tuple(alarm for alarm in every if alarm.is_vital or environment.alarms == "all")

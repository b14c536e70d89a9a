"""Every check of the templates of a stage, for whoever wants to be told what is wrong with them."""

from collections.abc import Callable, Mapping
from functools import partial

from infra_cdk.checks.alarms import alarms_that_tell_nobody, queues_without_an_alarm
from infra_cdk.checks.connection_budget import TooManyConnections, connection_budget
from infra_cdk.checks.doors import open_buckets, routes_throttled_otherwise, routes_unlike_the_catalogue
from infra_cdk.checks.functions import functions_unlike_the_catalogue, logs_kept_for_ever
from infra_cdk.checks.queues import (
    batches_that_fail_whole,
    queues_in_the_clear,
    queues_visible_too_soon,
    queues_without_dead_letters,
)
from infra_cdk.checks.rights import policies_of_others, roles_of_several, wildcards_without_a_reason
from infra_cdk.checks.templates import Templates
from infra_cdk.environments import Environment

Check = Callable[[Templates], list[str]]


def checks_of(environment: Environment) -> Mapping[str, Check]:
    """Each check by what it finds."""
    return {
        "queues without dead letters": queues_without_dead_letters,
        "queues without an alarm": queues_without_an_alarm,
        "alarms that tell nobody": alarms_that_tell_nobody,
        "messages visible too soon": queues_visible_too_soon,
        "batches that fail whole": batches_that_fail_whole,
        "queues in the clear": queues_in_the_clear,
        "functions unlike the catalogue": partial(functions_unlike_the_catalogue, stage=environment.stage),
        "logs kept for ever": logs_kept_for_ever,
        "roles of several functions": roles_of_several,
        "wildcards without a reason": wildcards_without_a_reason,
        "policies of others": policies_of_others,
        "routes unlike the catalogue": routes_unlike_the_catalogue,
        "routes throttled otherwise": routes_throttled_otherwise,
        "open buckets": open_buckets,
        "connections": partial(_connections, environment=environment),
    }


def _connections(templates: Templates, *, environment: Environment) -> list[str]:
    try:
        connection_budget(templates, environment).check()
    except TooManyConnections as error:
        return [str(error)]
    return []


def findings(templates: Templates, environment: Environment) -> list[str]:
    """What is wrong, each in a line; none when all is well."""
    return [found for check in checks_of(environment).values() for found in check(templates)]

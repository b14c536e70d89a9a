"""Whether all workers together leave the database room for everybody else, reckoned from the templates themselves.

A worker that SQS wakes is there as often as its mappings allow, or as its reserved concurrency, if that is less; one
that a clock wakes, once. Each copy that asks the database holds one connection (docs/adr/0002). The API gets the rest.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from functions.catalogue import FUNCTIONS
from functions.catalogue.settings import resource_name
from infra_cdk.checks.templates import Templates, function_name, our_functions, resources
from infra_cdk.environments import AuroraDatabase, Environment

MOST_OF_THEM = 0.6
"""The share of the database's connections that workers may take together."""

_OF_AURORA = ((1, 189), (4, 823), (8, 1_669), (16, 3_360), (32, 5_000))
"""max_connections by the largest size in ACU.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
"""

_MOST_WHEN_SMALL = 2_000
"""The same, whatever the largest size is, when the smallest is 0 or 0.5 ACU."""


class TooManyConnections(ValueError):
    """The workers could take more connections than the database has to spare."""


@dataclass(frozen=True, kw_only=True)
class ConnectionBudget:
    """What workers may hold at most, by function, and what the database takes in all."""

    by_function: Mapping[str, int]
    max_connections: int

    @property
    def most(self) -> int:
        """How many all workers may hold together."""
        return int(self.max_connections * MOST_OF_THEM)

    @property
    def held(self) -> int:
        """How many they would hold, all of them busy at once."""
        return sum(self.by_function.values())

    def check(self) -> None:
        """Raise TooManyConnections when they could hold too many."""
        if self.held > self.most:
            held = ", ".join(f"{name} {count}" for name, count in sorted(self.by_function.items()) if count)
            raise TooManyConnections(
                f"All workers busy at once would hold {self.held} of the database's {self.max_connections} "
                f"connections; at most {self.most} (60 %) may be theirs: {held}. Lower max_concurrency in "
                "functions/catalogue/workers.py, or give the database more: -c max_connections=... for an external "
                "one, -c max_acu=... for Aurora."
            )


def connection_budget(templates: Templates, environment: Environment) -> ConnectionBudget:
    """Reckon it from the templates of a stage."""
    holding = {resource_name(environment.stage, each.name): each.connections for each in FUNCTIONS}
    allowed = _copies(templates)
    return ConnectionBudget(
        by_function={name: holding[name] * copies for name, copies in allowed.items() if name in holding},
        max_connections=max_connections(environment),
    )


def max_connections(environment: Environment) -> int:
    """How many connections the stage's database takes."""
    database = environment.database
    if not isinstance(database, AuroraDatabase):
        return database.max_connections
    most = max((count for acu, count in _OF_AURORA if acu <= database.max_acu), default=_OF_AURORA[0][1])
    return min(most, _MOST_WHEN_SMALL) if database.min_acu < 1 else most


def _copies(templates: Templates) -> dict[str, int]:
    """How often each worker may be there at once, by its name."""
    by_mappings: dict[str, int] = defaultdict(int)
    for name, copies in _of_mappings(templates):
        by_mappings[name] += copies
    reserved = _reserved(templates)
    scheduled = dict.fromkeys(_scheduled(templates), 1)
    found = {**scheduled, **by_mappings}
    return {name: min(copies, reserved.get(name, copies)) for name, copies in found.items()}


def _of_mappings(templates: Templates) -> Iterator[tuple[str, int]]:
    for mapping in resources(templates, "AWS::Lambda::EventSourceMapping"):
        most = mapping.properties.get("ScalingConfig", {}).get("MaximumConcurrency")
        if most is None:
            raise TooManyConnections(f"{mapping}: a queue wakes its function as often as it likes.")
        yield function_name(mapping.properties["FunctionName"]), int(most)


def _reserved(templates: Templates) -> dict[str, int]:
    return {
        each.properties["FunctionName"]: each.properties["ReservedConcurrentExecutions"]
        for each in our_functions(templates)
        if "ReservedConcurrentExecutions" in each.properties
    }


def _scheduled(templates: Templates) -> Iterator[str]:
    schedules = resources(templates, "AWS::Scheduler::Schedule")
    return (function_name(each.properties["Target"]["Arn"]) for each in schedules)

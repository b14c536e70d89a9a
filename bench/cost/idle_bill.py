"""What a month costs in which nobody does anything."""

from collections.abc import Iterator

from bench.cost.line import Line
from bench.cost.measured import PLATFORM_LOG_BYTES, gigabyte_seconds, measured, memory_mb
from bench.cost.stages import Stage
from functions.catalogue import FUNCTIONS

HOURS = 730
_SECONDS = HOURS * 3_600
_POLLS_A_MINUTE = 3
"""A poll waits for a message for 20 s. Seen by users of it: 15 empty receives a minute of five pollers
(github.com/getlift/lift/issues/132)."""

_BURIED = {one.name: one.buries for one in FUNCTIONS}
"""The queues that each function asks, every time, whether there are dead letters."""

_GIGABYTE = 1e9
_LEAST_CU, _LEAST_ACU, _PROXY_ACU = 0.25, 0.5, 8
_NEON_RESTS_AFTER_SECONDS = 300
_AURORA_RESTS_AFTER_SECONDS = 900
"""Five minutes after its last connection, which a function that nobody invokes any more holds for some minutes."""

_ROUNDS_AN_HOUR = 1
_FEW_GIGABYTES = 0.5
_FIREWALL_RULES = 2
_KEPT_MONTHS = 1


def idle_bill(stage: Stage) -> list[Line]:
    """Line by line, for 730 hours."""
    return [
        *_polling(stage),
        *_scheduled(stage),
        *_watching(stage),
        *_kept_safe(stage),
        *_database(stage),
        *_network(stage),
    ]


def every_seconds(stage: Stage, seconds: int) -> int:
    """How often a schedule of the catalogue fires at that stage."""
    return max(seconds, stage.slowest_schedule_seconds)


def idle_polls(stage: Stage) -> float:
    """Receives that find nothing, of all event source mappings in a month."""
    return stage.mappings * stage.pollers * _POLLS_A_MINUTE * HOURS * 60


def awake_hours(stage: Stage, rests_after_seconds: int) -> float:
    """How long schedules keep a database awake that rests when it is left alone. They fire together."""
    quickest = min(every_seconds(stage, one.every_seconds) for one in FUNCTIONS if one.every_seconds)
    return HOURS * min(1.0, rests_after_seconds / quickest)


def _polling(stage: Stage) -> Iterator[Line]:
    yield Line(what=f"{stage.mappings} mappings poll empty queues", quantity=idle_polls(stage), price="queue")


def _fired(stage: Stage) -> float:
    """How often the schedules of a month invoke something."""
    return sum(_SECONDS / every_seconds(stage, one.every_seconds) for one in FUNCTIONS if one.every_seconds)


def _scheduled(stage: Stage) -> Iterator[Line]:
    fired = {one.name: _SECONDS / every_seconds(stage, one.every_seconds) for one in FUNCTIONS if one.every_seconds}
    facts = measured()
    times = sum(count * gigabyte_seconds(name, facts.idle[name], cold_share=0.05) for name, count in fired.items())
    bytes_logged = sum(count * (facts.idle[name].log_bytes + PLATFORM_LOG_BYTES) for name, count in fired.items())
    looks = sum(count * len(_BURIED[name]) for name, count in fired.items())
    yield Line(what="looks into dead-letter queues", quantity=looks, price="queue")
    yield Line(what="schedules", quantity=_fired(stage), price="scheduler")
    yield Line(what="what they invoke", quantity=_fired(stage), price="lambda_requests")
    yield Line(what="and how long it works", quantity=times, price="lambda_time")
    yield Line(what="their log", quantity=bytes_logged / _GIGABYTE, price="log_taken")
    yield Line(what="kept for a month", quantity=bytes_logged / _GIGABYTE * _KEPT_MONTHS, price="log_kept")
    yield Line(what="looks through the bucket", quantity=HOURS * _ROUNDS_AN_HOUR, price="bucket_writes")


def _watching(stage: Stage) -> Iterator[Line]:
    if stage.has_metrics:
        told = len(measured().idle_metrics)
        yield Line(what="what the schedules measure", quantity=told, price="metric")
    yield Line(what="alarms", quantity=stage.alarms, price="alarm")
    if stage.is_traced:
        yield Line(what="traces of what the schedules invoke", quantity=_fired(stage), price="trace")
    yield Line(what="dashboards", quantity=stage.dashboards, price="dashboard")


def _kept_safe(stage: Stage) -> Iterator[Line]:
    place = "parameter" if stage.are_secrets_parameters else "secret"
    yield Line(what="groups of secrets", quantity=stage.secrets, price=place)
    yield Line(what="keys", quantity=stage.keys, price="key")
    if stage.is_snapshot_kept:
        memory = sum(memory_mb(one.name) for one in FUNCTIONS if one.routes) / 1_024
        yield Line(what="SnapStart's copies of the API functions", quantity=memory * _SECONDS, price="snapshot_kept")


def _database(stage: Stage) -> Iterator[Line]:
    if stage.database == "neon":
        awake = awake_hours(stage, _NEON_RESTS_AFTER_SECONDS)
        yield Line(what="Neon, its smallest", quantity=awake * _LEAST_CU, price="neon_compute")
        yield Line(what="what it keeps", quantity=_FEW_GIGABYTES, price="neon_kept")
    if stage.database == "supabase":
        yield Line(what="Supabase", quantity=1, price="supabase")
    if stage.database.startswith("aurora"):
        has_proxy = stage.database.endswith("proxy")
        awake = HOURS if has_proxy else awake_hours(stage, _AURORA_RESTS_AFTER_SECONDS)
        yield Line(what="the owner's secret, which RDS makes", quantity=1, price="secret")
        yield Line(what="Aurora, its smallest", quantity=awake * _LEAST_ACU, price="aurora_capacity")
        yield Line(what="what it keeps", quantity=_FEW_GIGABYTES, price="aurora_kept")
        if has_proxy:
            yield Line(what="its proxy", quantity=HOURS * _PROXY_ACU, price="proxy")


def _network(stage: Stage) -> Iterator[Line]:
    if stage.way_out != "none":
        yield Line(what="the way out of the VPC", quantity=HOURS, price=stage.way_out)
        yield Line(what="its address", quantity=HOURS, price="address")
    if stage.has_edge:
        yield Line(what="WAF before CloudFront", quantity=1, price="firewall")
        yield Line(what="its rules", quantity=_FIREWALL_RULES, price="firewall_rule")

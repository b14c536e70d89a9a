"""Alarms look at what is measured, by the names it is measured under, and lead to a part of the runbook."""

import re
from collections.abc import Iterator

import pytest

from functions.catalogue import FUNCTIONS, QUEUES, Queue
from infra_cdk.environments import STAGES, Stage, environment_of
from infra_cdk.stage_options import LONGEST_INTERVAL_SECONDS
from infra_cdk.watch.catalogue_alarms import account_alarms, api_alarms, function_alarms, queue_alarms
from infra_cdk.watch.database_alarms import database_alarms
from infra_cdk.watch.model import OWN, Alarm, Metric, search
from infra_cdk.watch.own_alarms import own_alarms
from infra_cdk.watch.panels import panels
from shared.gauges.tell_gauges import TOLD_AFTER
from shared.metrics import NAMESPACE
from shared.notifications.model import Verdict
from shared.status.model import UNDELETED_AFTER, UNSENT_AFTER, UNSETTLED_AFTER
from shared.takeout.model import TransferKind, TransferState
from tests.architecture.measurements import measured_in_code
from tests.architecture.source import ROOT

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
GATEWAY_SECONDS = 30


def _named(word: str) -> str:
    return f"second-brain-test-{word}"


OWN_ALARMS = own_alarms(provider_cents_a_day=500)
ALARMS: tuple[Alarm, ...] = (
    *queue_alarms(_named),
    *function_alarms(_named),
    *account_alarms(1_000),
    *api_alarms("api", GATEWAY_SECONDS),
    *database_alarms(_named("database")),
    *OWN_ALARMS,
)
BY_NAME = {alarm.name: alarm for alarm in ALARMS}


def _looked_at() -> Iterator[Metric]:
    yield from (alarm.metric for alarm in ALARMS)
    for panel in panels(_named, "api"):
        yield from (*panel.lines, *panel.found)


def test_alarms_have_names_of_their_own() -> None:
    assert len(BY_NAME) == len(ALARMS)


def test_every_metric_of_ours_that_is_looked_at_is_measured_with_exactly_these_dimensions() -> None:
    ours = {(metric.name, metric.dimension_names) for metric in _looked_at() if metric.namespace == OWN}
    assert ours - measured_in_code() == set()
    assert OWN == NAMESPACE


def test_values_of_dimensions_are_words_the_code_says() -> None:
    assert BY_NAME["exports-failed"].metric.dimensions == {"kind": TransferKind.EXPORT, "state": TransferState.FAILED}
    assert BY_NAME["pushes-refused"].metric.dimensions == {"verdict": Verdict.REFUSED}
    assert BY_NAME["pushes-late"].metric.dimensions == {"verdict": Verdict.LATER}
    assert BY_NAME["answers-slow"].metric.dimensions["function"] in {function.name for function in FUNCTIONS}
    said = "\n".join(path.read_text() for room in ("ai", "payments") for path in ROOT.glob(f"shared/{room}/*.py"))
    words = {word for alarm in OWN_ALARMS for word in re.findall(r"'(\w+)'", alarm.metric.where)}
    assert words == {"our_key", "refused", "other_api_version", "other_mode"}
    assert {word for word in words if f'"{word}"' not in said} == set()


def test_a_lag_that_rings_is_one_that_make_status_calls_a_concern() -> None:
    assert BY_NAME["outbox-late"].more_than == UNSENT_AFTER.total_seconds()
    assert BY_NAME["inbox-late"].more_than == UNSETTLED_AFTER.total_seconds()
    assert BY_NAME["deletions-late"].more_than == UNDELETED_AFTER.total_seconds()


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_every_queue_rings_at_its_first_dead_letter_in_every_stage(queue: Queue) -> None:
    alarm = BY_NAME[f"dead-letters-{queue.name}"]
    assert alarm.is_vital
    assert (alarm.more_than, alarm.period_seconds, alarm.metric.statistic) == (0, 60, "Maximum")
    assert alarm.metric.dimensions == {"QueueName": f"second-brain-test-{queue.dead_letter_name}"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_dead_letter_rings_at_once_or_when_whoever_buries_it_has_come_and_left_it(stage: Stage) -> None:
    environment = environment_of({"stage": stage})
    buried = {queue: environment.interval_seconds(function) or 0 for function in FUNCTIONS for queue in function.buries}
    assert len(buried) == 9
    alarms = {alarm.name: alarm for alarm in queue_alarms(_named, environment.interval_seconds)}
    for queue in QUEUES:
        alarm = alarms[f"dead-letters-{queue.name}"]
        minutes = buried.get(queue.name, 0) / 60
        seen = minutes + 1 if minutes else 0  # at most, of a letter that is buried as soon as somebody comes
        assert seen < alarm.hits <= seen + 3
        assert alarm.looks - alarm.hits <= 2


def test_every_function_with_a_schedule_rings_when_it_is_not_woken() -> None:
    silent = {alarm.name for alarm in ALARMS if alarm.name.startswith("silent-")}
    assert silent == {f"silent-{function.name}" for function in FUNCTIONS if function.every_seconds}
    assert {BY_NAME[name].silence for name in silent} == {"alarm"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_schedule_rings_when_two_of_three_runs_fail_or_three_do_not_happen_however_seldom_it_is(stage: Stage) -> None:
    environment = environment_of({"stage": stage})
    alarms = {alarm.name: alarm for alarm in function_alarms(_named, environment.interval_seconds)}
    for function in FUNCTIONS:
        if seconds := environment.interval_seconds(function):
            crashes, silent = alarms[f"crashes-{function.name}"], alarms[f"silent-{function.name}"]
            assert crashes.period_seconds >= seconds
            assert (crashes.hits, crashes.looks) == (2, 3)
            assert silent.period_seconds >= 3 * seconds


def test_nobody_stops_the_sweep_or_the_burying_unseen_in_any_stage() -> None:
    """Who is not woken to bury leaves letters that ring; who dies of one keeps hiding it."""
    vital = {alarm.name for alarm in ALARMS if alarm.is_vital and alarm.name.startswith(("silent-", "crashes-"))}
    assert vital == {"silent-sweep", "crashes-sweep", "crashes-dead-letters"}


def test_what_the_sweep_measures_keeps_its_alarm_while_the_sweep_is_silent() -> None:
    source = (ROOT / "shared" / "status" / "report_backlog.py").read_text()
    gauges = [alarm for alarm in OWN_ALARMS if f'"{alarm.metric.name}"' in source]
    assert len(gauges) >= 5
    assert {alarm.silence for alarm in gauges} == {"as_before"}


def test_an_alarm_that_ignores_silence_is_told_a_zero_before_silence_begins() -> None:
    looks_back = [alarm.period_seconds * alarm.looks for alarm in OWN_ALARMS if alarm.silence == "as_before"]
    assert TOLD_AFTER.total_seconds() > max(looks_back)
    assert TOLD_AFTER.total_seconds() > LONGEST_INTERVAL_SECONDS


def test_every_alarm_is_one_that_cloudwatch_takes() -> None:
    for alarm in ALARMS:
        assert (alarm.more_than is None) != (alarm.fewer_than is None), alarm.name
        assert alarm.period_seconds % 60 == 0, alarm.name
        assert 1 <= alarm.hits <= alarm.looks, alarm.name
        window = alarm.period_seconds * alarm.looks
        assert window <= (3 * 3_600 if alarm.metric.over else 86_400), alarm.name
        assert not (alarm.metric.over and alarm.metric.statistic != "Sum"), alarm.name
        assert len(alarm.description) <= 1_024, alarm.name


def test_an_alarm_that_ignores_silence_never_looks_for_it() -> None:
    assert {alarm.name for alarm in ALARMS if alarm.fewer_than is not None and alarm.silence != "alarm"} == set()


def test_a_sum_over_dimensions_is_asked_for_by_a_query_and_found_by_a_search() -> None:
    assert BY_NAME["provider-key"].metric.query == (
        "SELECT SUM(provider_errors) FROM SCHEMA(\"SecondBrain\", provider, capability, error) WHERE error = 'our_key'"
    )
    asked = Metric(name="asks", statistic="Sum", over=("outcome",))
    assert asked.query == 'SELECT SUM(asks) FROM SCHEMA("SecondBrain", outcome)'
    assert search(asked, every_seconds=300) == "SEARCH('{SecondBrain,outcome} MetricName=\"asks\"', 'Sum', 300)"


def test_every_alarm_leads_to_a_heading_of_the_runbook() -> None:
    headings = set(re.findall(r"^## (.+)$", RUNBOOK, flags=re.MULTILINE))
    assert {alarm.heading for alarm in ALARMS} - headings == set()


def test_the_runbook_lists_every_alarm_beside_its_heading_and_no_other() -> None:
    table = RUNBOOK.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w<>-]+)`( \*)?.*\| .*\[([^\]]+)\]\(#([\w-]+)\) \|$", table, flags=re.MULTILINE)
    assert {(name, heading) for name, _, heading, _ in rows} == {(_of_its_kind(one), one.heading) for one in ALARMS}
    assert len(rows) == len({name for name, *_ in rows})
    assert {anchor for _, _, heading, anchor in rows if anchor != heading.lower().replace(" ", "-")} == set()
    marked = {name for name, star, *_ in rows if star}
    assert marked == {
        _of_its_kind(one) for one in ALARMS if one.is_vital and not one.name.startswith(("silent-", "crashes-"))
    }


def _of_its_kind(alarm: Alarm) -> str:
    """`late-<queue>` for all alarms that differ by the queue or the function only."""
    queues, functions = {queue.name for queue in QUEUES}, {function.name for function in FUNCTIONS}
    for kind, names, word in (
        ("dead-letters", queues, "<queue>"),
        ("late", queues, "<queue>"),
        ("crashes", functions, "<function>"),
        ("slow", functions, "<function>"),
        ("silent", functions, "<function>"),
    ):
        if alarm.name.removeprefix(f"{kind}-") in names:
            return f"{kind}-{word}"
    return alarm.name


def test_the_architecture_names_beside_each_metric_the_alarms_that_look_at_it() -> None:
    section = (ROOT / "docs" / "architecture.md").read_text().partition("## What is measured")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*) \|.*\| ([^|]*) \|$", section, flags=re.MULTILINE)
    told = {
        (name, alarm) for names, alarms in rows for name in re.findall(r"`(\w+)`", names) for alarm in _words(alarms)
    }
    looking = {(alarm.metric.name, alarm.name) for alarm in OWN_ALARMS}
    assert {alarm for _, alarm in told} == {alarm for _, alarm in looking}
    assert looking <= told


def _words(cell: str) -> list[str]:
    return re.findall(r"`([\w-]+)`", cell)

"""Alarms on what AWS measures of the catalogue's queues and functions."""

from collections.abc import Callable, Iterator

from functions.catalogue import FUNCTIONS, QUEUES, Function, Queue
from infra_cdk.watch.model import Alarm, Metric, Statistic

_MINUTE, _FIVE_MINUTES = 60, 300
_SLACK_MINUTES = 3
"""Added to an interval: a schedule fires within its minute, Lambda starts, SQS counts about right."""

_NEAR = 0.9
"""Of its timeout: whoever takes so long is cut off the next time."""

Named = Callable[[str], str]
"""What the catalogue's word is called in the stage: `second-brain-dev-embed`."""

Interval = Callable[[Function], int | None]
"""How often a schedule of the stage wakes a function, in seconds; None for one that has no schedule."""


def as_in_the_catalogue(function: Function) -> int | None:
    """How often a schedule wakes it where a stage says nothing else."""
    return function.every_seconds


def queue_alarms(named: Named, interval: Interval = as_in_the_catalogue) -> tuple[Alarm, ...]:
    """Of each queue: its dead letters, and its age."""
    buried = {queue: interval(function) for function in FUNCTIONS for queue in function.buries}
    return tuple(
        alarm
        for queue in QUEUES
        for alarm in (_dead_letters(queue, named, buried.get(queue.name)), _late(queue, named))
    )


def _dead_letters(queue: Queue, named: Named, buried_every_seconds: int | None) -> Alarm:
    """What somebody buries rings when it is still there after they came. SQS measures once a minute.

    While they look at a letter it cannot be seen: hence not in each of the last minutes, but in all but two.
    """
    minutes = 0 if buried_every_seconds is None else buried_every_seconds // _MINUTE + _SLACK_MINUTES
    return Alarm(
        name=f"dead-letters-{queue.name}",
        metric=_sqs("ApproximateNumberOfMessagesVisible", named(queue.dead_letter_name)),
        heading="Dead letters",
        sees=f"Messages of {queue.name} were given up {queue.max_receive_count} times, and nobody has buried them.",
        period_seconds=_MINUTE,
        more_than=0,
        looks=minutes + 2 if minutes else 1,
        hits=minutes or 1,
        is_vital=True,
    )


def _late(queue: Queue, named: Named) -> Alarm:
    """Whoever dies gives its message back after the visibility timeout: twice that is no single death."""
    return Alarm(
        name=f"late-{queue.name}",
        metric=_sqs("ApproximateAgeOfOldestMessage", named(queue.name)),
        heading="Messages are old",
        sees=f"A message of {queue.name} is older than two of its visibility timeouts.",
        period_seconds=_FIVE_MINUTES,
        more_than=2 * queue.visibility_timeout_seconds,
    )


def _sqs(metric: str, queue: str) -> Metric:
    return Metric(namespace="AWS/SQS", name=metric, statistic="Maximum", dimensions={"QueueName": queue})


def function_alarms(named: Named, interval: Interval = as_in_the_catalogue) -> tuple[Alarm, ...]:
    """Of each function that no user waits for: that it crashes, comes near its timeout, or is not woken.

    Of what users wait for the gateway measures more, and says it in fewer alarms.
    """
    own_time = [function for function in FUNCTIONS if function.queues or function.every_seconds]
    return tuple(alarm for function in own_time for alarm in _of_function(function, named, interval(function)))


def _of_function(function: Function, named: Named, every_seconds: int | None) -> Iterator[Alarm]:
    yield _crashes(function, named, every_seconds)
    yield _slow(function, named)
    if every_seconds is not None:
        yield _silent(function, named, every_seconds)


def _brings_back(function: Function) -> bool:
    """Whether it is woken each minute by the catalogue, as what brings work back or ends it is."""
    return function.every_seconds is not None and function.every_seconds <= _MINUTE


def _crashes(function: Function, named: Named, every_seconds: int | None) -> Alarm:
    """A message that failed is no crash: the function said so itself. A chore that failed once comes again.

    A period is as long as the interval: in a shorter one, what fails each time would look well most of the time.
    """
    comes_again = every_seconds is not None
    return Alarm(
        name=f"crashes-{function.name}",
        metric=_lambda("Errors", "Sum", named(function.name)),
        heading="A function crashes",
        sees=f"{function.name} ended by a crash, by its timeout or for want of memory.",
        period_seconds=max(_FIVE_MINUTES, every_seconds or 0),
        more_than=0,
        looks=3 if comes_again else 1,
        hits=2 if comes_again else 1,
        is_vital=_brings_back(function),
    )


def _slow(function: Function, named: Named) -> Alarm:
    return Alarm(
        name=f"slow-{function.name}",
        metric=_lambda("Duration", "Maximum", named(function.name)),
        heading="A function crashes",
        sees=f"{function.name} took more than nine tenths of its {function.timeout_seconds} seconds.",
        period_seconds=_FIVE_MINUTES,
        more_than=_NEAR * function.timeout_seconds * 1_000,
    )


def _silent(function: Function, named: Named, every_seconds: int) -> Alarm:
    """Three times is no accident. Of what buries dead letters the letters that stay tell it as well."""
    return Alarm(
        name=f"silent-{function.name}",
        metric=_lambda("Invocations", "Sum", named(function.name)),
        heading="The sweep is silent",
        sees=f"{function.name} is to be woken every {every_seconds} seconds, and is not.",
        period_seconds=max(_FIVE_MINUTES, 3 * every_seconds),
        fewer_than=1,
        silence="alarm",
        is_vital=_brings_back(function) and not function.buries,
    )


def _lambda(metric: str, statistic: Statistic, function: str) -> Metric:
    return Metric(
        namespace="AWS/Lambda",
        name=metric,
        statistic=statistic,
        dimensions={"FunctionName": function},
    )


def account_alarms(most_at_once: int) -> tuple[Alarm, ...]:
    """Of all functions of the account and region together, which share what may run at once."""
    return (
        Alarm(
            name="throttled",
            metric=Metric(namespace="AWS/Lambda", name="Throttles", statistic="Sum"),
            heading="A function crashes",
            sees="Functions are not started, because too many run.",
            period_seconds=_FIVE_MINUTES,
            more_than=0,
            looks=3,
            hits=2,
        ),
        Alarm(
            name="concurrency",
            metric=Metric(namespace="AWS/Lambda", name="ConcurrentExecutions", statistic="Maximum"),
            heading="A function crashes",
            sees=f"More than eight tenths of the {most_at_once} functions that may run at once do.",
            period_seconds=_FIVE_MINUTES,
            more_than=0.8 * most_at_once,
        ),
    )


def api_alarms(api_id: str, gateway_seconds: int) -> tuple[Alarm, ...]:
    """Of the HTTP API as phones see it."""
    stage = {"ApiId": api_id, "Stage": "$default"}
    return (
        Alarm(
            name="api-fails",
            metric=Metric(namespace="AWS/ApiGateway", name="5xx", statistic="Sum", dimensions=stage),
            heading="Requests are slow or fail",
            sees="Requests are answered with 5xx.",
            period_seconds=_FIVE_MINUTES,
            more_than=0,
            looks=3,
            hits=2,
            is_vital=True,
        ),
        Alarm(
            name="api-slow",
            metric=Metric(namespace="AWS/ApiGateway", name="Latency", statistic="p99", dimensions=stage),
            heading="Requests are slow or fail",
            sees="For 15 minutes one in a hundred requests has taken more than a third of what the gateway waits.",
            period_seconds=_FIVE_MINUTES,
            more_than=gateway_seconds * 1_000 / 3,
            looks=3,
            hits=3,
        ),
    )

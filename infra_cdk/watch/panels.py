"""What the one dashboard of a stage shows, from what users feel down to what it costs."""

from functions.catalogue import FUNCTIONS, QUEUES
from infra_cdk.watch.catalogue_alarms import Named
from infra_cdk.watch.model import Metric, Panel, Statistic

_CALL = ("provider", "model", "operation")


def panels(named: Named, api_id: str) -> tuple[Panel, ...]:
    """In the order in which one looks. Those of our own metrics stay empty where a stage has none."""
    return (*_felt_by_users(api_id), *_of_the_pipeline(named), *_of_functions(named), *_of_money())


def _felt_by_users(api_id: str) -> tuple[Panel, ...]:
    percentiles: tuple[Statistic, ...] = ("p50", "p95", "p99")
    return (
        Panel(
            title="Requests, and what fails of them",
            lines=tuple(_gateway(name, "Sum", api_id) for name in ("Count", "4xx", "5xx")),
        ),
        Panel(
            title="How long requests take (ms)",
            lines=tuple(_gateway("Latency", percentile, api_id) for percentile in percentiles),
        ),
        Panel(title="By function, p95 (ms)", found=(_own("request_ms", "p95", "function", "status"),)),
        Panel(title="How long users wait for a session (ms)", found=(_own("job_age_ms", "p95", "status"),)),
        Panel(title="Questions to the notes", found=(_own("asks", "Sum", "outcome"),)),
        Panel(title="Pushes", found=(_own("pushes", "Sum", "verdict"),)),
    )


def _of_the_pipeline(named: Named) -> tuple[Panel, ...]:
    steps = ("steps_waiting", "steps_ready", "steps_running", "steps_stuck", "jobs_unfinished")
    lags = ("outbox_lag_s", "inbox_lag_s", "deletions_lag_s")
    return (
        Panel(title="Unfinished steps", lines=tuple(Metric(name=name, statistic="Maximum") for name in steps)),
        Panel(title="Lags (s)", lines=tuple(Metric(name=name, statistic="Maximum") for name in lags)),
        Panel(title="Steps failed", found=(_own("steps_failed", "Sum", "kind"),)),
        Panel(
            title="Messages in queues",
            lines=tuple(_queue("ApproximateNumberOfMessagesVisible", named(queue.name)) for queue in QUEUES),
        ),
        Panel(
            title="Age of the oldest message (s)",
            lines=tuple(_queue("ApproximateAgeOfOldestMessage", named(queue.name)) for queue in QUEUES),
        ),
        Panel(
            title="Dead letters",
            lines=tuple(
                _queue("ApproximateNumberOfMessagesVisible", named(queue.dead_letter_name)) for queue in QUEUES
            ),
        ),
        Panel(title="Providers: p95 (ms)", found=(_own("provider_ms", "p95", *_CALL),)),
        Panel(title="Providers: errors", found=(_own("provider_errors", "Sum", "provider", "capability", "error"),)),
        Panel(
            title="Providers: not asked just now",
            lines=(Metric(name="breakers_open", statistic="Maximum"),),
        ),
    )


def _of_functions(named: Named) -> tuple[Panel, ...]:
    workers = [function for function in FUNCTIONS if function.queues or function.every_seconds]
    return (
        Panel(
            title="Crashes of workers",
            lines=tuple(_function("Errors", "Sum", named(function.name)) for function in workers),
        ),
        Panel(
            title="Longest run of workers (ms)",
            lines=tuple(_function("Duration", "Maximum", named(function.name)) for function in workers),
        ),
        Panel(
            title="Of the account: at once, and not started",
            lines=(
                Metric(namespace="AWS/Lambda", name="ConcurrentExecutions", statistic="Maximum"),
                Metric(namespace="AWS/Lambda", name="Throttles", statistic="Sum"),
            ),
        ),
    )


def _of_money() -> tuple[Panel, ...]:
    payments = ("payment_differences", "payment_repairs", "payments_unmatched", "ledger_differences")
    return (
        Panel(title="Spent at providers (cents)", found=(_own("cost_cents", "Sum", *_CALL),)),
        Panel(title="Tokens", found=(_own("tokens", "Sum", *_CALL),)),
        Panel(title="Payments", lines=tuple(Metric(name=name, statistic="Maximum") for name in payments)),
    )


def _own(name: str, statistic: Statistic, *dimensions: str) -> Metric:
    return Metric(name=name, statistic=statistic, over=dimensions)


def _gateway(name: str, statistic: Statistic, api_id: str) -> Metric:
    stage = {"ApiId": api_id, "Stage": "$default"}
    return Metric(namespace="AWS/ApiGateway", name=name, statistic=statistic, dimensions=stage)


def _queue(name: str, queue: str) -> Metric:
    return Metric(namespace="AWS/SQS", name=name, statistic="Maximum", dimensions={"QueueName": queue})


def _function(name: str, statistic: Statistic, function: str) -> Metric:
    return Metric(namespace="AWS/Lambda", name=name, statistic=statistic, dimensions={"FunctionName": function})

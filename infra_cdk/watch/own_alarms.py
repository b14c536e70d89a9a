"""Alarms on what our code measures. docs/architecture.md lists the metrics, docs/runbook.md what to do.

What the sweep measures each minute is looked at by its minimum: a value that comes and goes within a period heals by
itself. It is told while anything waits, and for a while after (shared/gauges), so that silence means nothing: whether
the sweep is woken and comes to its end, AWS/Lambda says (`silent-sweep`, `crashes-sweep`).
"""

from infra_cdk.watch.model import Alarm, Metric

_MINUTE, _FIVE_MINUTES, _QUARTER, _HOUR, _DAY = 60, 300, 900, 3_600, 86_400

_PROVIDER = ("provider", "capability", "error")
_CALL = ("provider", "model", "operation")

PROVIDERS = (
    Alarm(
        name="provider-key",
        metric=Metric(name="provider_errors", statistic="Sum", over=_PROVIDER, where="error = 'our_key'"),
        heading="A provider is down",
        sees="A provider refuses our key: it is wrong, or its account is empty.",
        period_seconds=_FIVE_MINUTES,
        more_than=0,
    ),
    Alarm(
        name="provider-errors",
        metric=Metric(
            name="provider_errors",
            statistic="Sum",
            over=_PROVIDER,
            where="error != 'our_key' AND error != 'refused'",
        ),
        heading="A provider is down",
        sees="Calls to providers fail, more than 5 in 5 minutes.",
        period_seconds=_FIVE_MINUTES,
        more_than=5,
        looks=3,
        hits=2,
    ),
    Alarm(
        name="breakers-open",
        metric=Metric(name="breakers_open", statistic="Minimum"),
        heading="A provider is down",
        sees="For 10 minutes a provider has not been asked, because it failed too often.",
        period_seconds=10 * _MINUTE,
        more_than=0,
        silence="as_before",
    ),
    Alarm(
        name="spaces-unserved",
        metric=Metric(name="spaces_unserved", statistic="Sum", over=("model",)),
        heading="Users are not moved",
        sees="Users are on an embedding model that nobody serves: their searches find words only.",
        period_seconds=_HOUR,
        more_than=0,
    ),
)

WORK = (
    Alarm(
        name="steps-failed",
        metric=Metric(name="steps_failed", statistic="Sum", over=("kind",)),
        heading="Steps fail",
        sees="More than 10 steps failed for good within an hour; their users have their credits back.",
        period_seconds=_HOUR,
        more_than=10,
    ),
    Alarm(
        name="steps-stuck",
        metric=Metric(name="steps_stuck", statistic="Minimum"),
        heading="A session is stuck",
        sees="For 5 minutes there have been steps that nothing moves.",
        period_seconds=_FIVE_MINUTES,
        more_than=0,
        silence="as_before",
    ),
    Alarm(
        name="outbox-late",
        metric=Metric(name="outbox_lag_s", statistic="Minimum"),
        heading="Nothing is published",
        sees="An announcement has been unsent for more than 2 minutes.",
        period_seconds=_FIVE_MINUTES,
        more_than=120,
        silence="as_before",
    ),
    Alarm(
        name="uploads-expired",
        metric=Metric(name="uploads_expired", statistic="Sum"),
        heading="Uploads do not arrive",
        sees="More than 20 files were given up within an hour, 24 hours after they might have come.",
        period_seconds=_HOUR,
        more_than=20,
    ),
    Alarm(
        name="orphans-doubted",
        metric=Metric(name="orphans_doubted", statistic="Sum"),
        heading="Uploads do not arrive",
        sees="Most objects of a page of the bucket have no row, so none was removed: is this the bucket's database?",
        period_seconds=_HOUR,
        more_than=0,
    ),
    Alarm(
        name="exports-failed",
        metric=Metric(name="transfers", statistic="Sum", dimensions={"kind": "export", "state": "failed"}),
        heading="An export or import does not end",
        sees="An export failed for good.",
        period_seconds=_FIVE_MINUTES,
        more_than=0,
    ),
    Alarm(
        name="pushes-refused",
        metric=Metric(name="pushes", statistic="Sum", dimensions={"verdict": "refused"}),
        heading="Pushes do not arrive",
        sees="Firebase refuses pushes: our key, our project, or what we send.",
        period_seconds=_FIVE_MINUTES,
        more_than=0,
    ),
    Alarm(
        name="pushes-late",
        metric=Metric(name="pushes", statistic="Sum", dimensions={"verdict": "later"}),
        heading="Pushes do not arrive",
        sees="Firebase puts pushes off, more than 5 in 5 minutes.",
        period_seconds=_FIVE_MINUTES,
        more_than=5,
        looks=3,
        hits=2,
    ),
    Alarm(
        name="answers-slow",
        metric=Metric(name="request_ms", statistic="p95", dimensions={"function": "sessions", "status": "2xx"}),
        heading="Requests are slow or fail",
        sees="For 15 minutes one in twenty requests for sessions has taken more than 300 ms.",
        period_seconds=_FIVE_MINUTES,
        more_than=300,
        looks=3,
        hits=3,
    ),
)

DELETIONS = (
    Alarm(
        name="deletions-late",
        metric=Metric(name="deletions_lag_s", statistic="Minimum"),
        heading="A deletion does not finish",
        sees="An account that was to be deleted a day ago still is somewhere.",
        period_seconds=_FIVE_MINUTES,
        more_than=_DAY,
        silence="as_before",
    ),
    Alarm(
        name="deletions-held-up",
        metric=Metric(name="deletions_held_up", statistic="Sum", over=("store",)),
        heading="A deletion does not finish",
        sees="Stores would not let go of a deleted account, more than 5 times in an hour.",
        period_seconds=_HOUR,
        more_than=5,
    ),
    Alarm(
        name="deletion-leftovers",
        metric=Metric(name="deletion_leftovers", statistic="Sum"),
        heading="A deletion does not finish",
        sees="An hour after a deletion there are rows of that account: a defect.",
        period_seconds=_FIVE_MINUTES,
        more_than=0,
    ),
)

MONEY = (
    Alarm(
        name="inbox-late",
        metric=Metric(name="inbox_lag_s", statistic="Minimum"),
        heading="Payments",
        sees="An event of Stripe has not been applied for an hour: somebody may have paid and have no credits.",
        period_seconds=_FIVE_MINUTES,
        more_than=_HOUR,
        silence="as_before",
    ),
    Alarm(
        name="payment-differences",
        metric=Metric(name="payment_differences", statistic="Minimum"),
        heading="Payments",
        sees="For an hour, each reconciling has found orders that did not stand as Stripe says: webhooks are lost.",
        period_seconds=_HOUR,
        more_than=0,
        silence="as_before",
    ),
    Alarm(
        name="payments-unmatched",
        metric=Metric(name="payments_unmatched", statistic="Maximum"),
        heading="Payments",
        sees="Somebody paid for an order that we do not have.",
        period_seconds=_QUARTER,
        more_than=0,
        silence="as_before",
    ),
    Alarm(
        name="ledger-differences",
        metric=Metric(name="ledger_differences", statistic="Maximum"),
        heading="Payments",
        sees="A balance is not the sum of its ledger. Stop deploying.",
        period_seconds=_QUARTER,
        more_than=0,
        silence="as_before",
        is_vital=True,
    ),
    Alarm(
        name="webhooks-ignored",
        metric=Metric(
            name="webhooks_ignored",
            statistic="Sum",
            over=("reason",),
            where="reason = 'other_api_version' OR reason = 'other_mode'",
        ),
        heading="Payments",
        sees="Stripe's endpoint has another API version or mode than ours: its events are kept, and not applied.",
        period_seconds=_FIVE_MINUTES,
        more_than=0,
    ),
    Alarm(
        name="calls-unpriced",
        metric=Metric(name="calls_unpriced", statistic="Sum", over=_CALL),
        heading="Costs",
        sees="The tariff does not know the price of a model that is in use.",
        period_seconds=_HOUR,
        more_than=0,
    ),
)


def spending(cents_a_day: int) -> Alarm:
    """Providers are paid elsewhere, so AWS's budgets know nothing of them; our tariff does."""
    return Alarm(
        name="spending",
        metric=Metric(name="spent_cents", statistic="Sum"),
        heading="Costs",
        sees=f"Within a day providers were used for more than {cents_a_day} cents, by our tariff.",
        period_seconds=_DAY,
        more_than=cents_a_day,
    )


def own_alarms(provider_cents_a_day: int) -> tuple[Alarm, ...]:
    """All of them."""
    return (*PROVIDERS, *WORK, *DELETIONS, *MONEY, spending(provider_cents_a_day))

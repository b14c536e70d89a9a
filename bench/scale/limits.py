"""What is limited, by whom, and how much of it so many users need in the evening."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.cost.measured import invocation_seconds, measured
from bench.cost.session_bill import requests_of_a_session
from bench.scale.day import DAY_SECONDS, PEAK
from bench.scale.pipeline import STEPS, concurrency, step_seconds
from functions.catalogue import FUNCTIONS
from functions.catalogue.shapes import OFTEN
from infra_cdk.checks.connection_budget import MOST_OF_THEM

SESSIONS_A_USER_AND_DAY = 1.0
_API_SECONDS = 0.25
HOSTS = {"Neon 0.25 CU": 104, "Neon 1 CU": 419, "Neon 4 CU": 1_678, "Aurora, 0 to 16 ACU": 2_000}
"""max_connections: neon.com/docs/connect/connection-pooling; Aurora caps it at 2,000 where the least is at most 0.5."""
_MOST_READ_ROUTE_REQUESTS = 2
"""Of one session, to the route that is asked most; phones that poll more often need more."""
_DAYS_OF_A_YEAR = 365
_TERABYTE = 1e12
_PAGE_OBJECTS = 1_000


@dataclass(frozen=True, kw_only=True)
class Limit:
    """`need` says, for so many users, how much of `unit` the busiest hour needs; or a day, or a year."""

    what: str
    unit: str
    limit: float
    source: str
    need: Callable[[float], float]

    def share(self, users: float) -> float:
        """How much of the limit is needed; above 1 it does not do."""
        return self.need(users) / self.limit

    def breaks_at_users(self) -> float:
        """From how many users on; needs grow as users do."""
        return 1 / self.share(1)


def sessions_a_second(users: float) -> float:
    """In the busiest hour."""
    return users * SESSIONS_A_USER_AND_DAY / DAY_SECONDS * PEAK


def limits() -> list[Limit]:
    """All of them, the one that breaks first at the top."""
    found = [*_of_catalogue(), *_of_providers(), *_of_aws(), *_of_database(), *_of_us()]
    return sorted(found, key=Limit.breaks_at_users)


def _of_catalogue() -> Iterator[Limit]:
    for step in STEPS:
        yield Limit(
            what=f"workers of {step}",
            unit="at once",
            limit=concurrency()[step],
            source="max_concurrency of the catalogue",
            need=lambda users, step=step: sessions_a_second(users) * step_seconds(step),
        )
    yield Limit(
        what="requests of the route that is asked most",
        unit="a second",
        limit=OFTEN.per_second,
        source="throttle of the catalogue",
        need=lambda users: sessions_a_second(users) * _MOST_READ_ROUTE_REQUESTS,
    )


def _of_providers() -> Iterator[Limit]:
    facts = measured()
    minutes = facts.minutes_of_speech
    embedding = sum(one.input_tokens for one in facts.usage if one.operation == "embed")
    yield Limit(
        what="Groq, free: speech",
        unit="seconds of speech an hour",
        limit=7_200,
        source="console.groq.com/docs/rate-limits",
        need=lambda users: sessions_a_second(users) * 3_600 * minutes * 60,
    )
    for tier, limit in ((1, 1e6), (5, 1e7)):
        yield Limit(
            what=f"OpenAI, tier {tier}: embedding",
            unit="tokens a minute",
            limit=limit,
            source="platform.openai.com, as quoted by others",
            need=lambda users: sessions_a_second(users) * 60 * embedding,
        )
    yield Limit(
        what="DeepSeek: summaries",
        unit="calls at once",
        limit=2_500,
        source="api-docs.deepseek.com/quick_start/rate_limit",
        need=lambda users: sessions_a_second(users) * step_seconds("summarise"),
    )


def connections_of_workers() -> dict[str, int]:
    """How many each function that a queue or a schedule wakes may hold at once, by the catalogue."""
    return {
        one.name: sum(trigger.max_concurrency for trigger in one.queues) or one.reserved_concurrency or 1
        for one in FUNCTIONS
        if one.connections and (one.queues or one.every_seconds)
    }


def connections_left(host: str) -> int:
    """For the API functions, under 60 % of what the host takes."""
    return int(HOSTS[host] * MOST_OF_THEM) - sum(connections_of_workers().values())


def workers_at_once(users: float) -> float:
    """Of all functions of a session, where no queue holds any back: arrivals times seconds, by Little's law."""
    functions = measured().functions
    seconds = sum(one.invocations * invocation_seconds(name, one.processor_ms) for name, one in functions.items())
    return sessions_a_second(users) * seconds


def _of_aws() -> Iterator[Limit]:
    yield Limit(
        what="Lambda: environments of an account",
        unit="at once",
        limit=1_000,
        source="docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; more on request",
        need=workers_at_once,
    )
    yield Limit(
        what="HTTP API: requests of an account",
        unit="a second",
        limit=10_000,
        source="docs.aws.amazon.com/apigateway/latest/developerguide/limits.html; more on request",
        need=lambda users: sessions_a_second(users) * requests_of_a_session(),
    )
    yield Limit(
        what="SQS: messages in flight of one queue",
        unit="at once",
        limit=120_000,
        source="docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
        need=lambda users: sessions_a_second(users) * max(step_seconds(step) for step in STEPS),
    )
    yield Limit(
        what="S3: writes under one prefix",
        unit="a second",
        limit=3_500,
        source="docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
        need=sessions_a_second,
    )


def _of_database() -> Iterator[Limit]:
    rows = measured().database
    for host, most in HOSTS.items():
        yield Limit(
            what=f"connections, one of each environment: {host}",
            unit="open",
            limit=most * MOST_OF_THEM,
            source="max_connections of the host, 60 % of it",
            need=workers_at_once,
        )
    yield Limit(
        what="transactions: one writer with a fast disk",
        unit="a second",
        limit=5_000,
        source="assumed; measure yours with pgbench",
        need=lambda users: sessions_a_second(users) * rows["transactions"],
    )
    yield Limit(
        what="vectors written: one writer",
        unit="a second",
        limit=8_000,
        source="docs/benchmarks.md: 8,038 a second by one connection",
        need=lambda users: sessions_a_second(users) * rows["vectors"],
    )
    for host, most in (("Neon", 16.0), ("Aurora", 128.0)):
        yield Limit(
            what=f"what a year adds to the database: {host}",
            unit="TB",
            limit=most,
            source="the host's largest volume",
            need=lambda users: users * SESSIONS_A_USER_AND_DAY * _DAYS_OF_A_YEAR * rows["bytes"] / _TERABYTE,
        )


def _of_us() -> Iterator[Limit]:
    sweeps = [DAY_SECONDS / one.every_seconds for one in FUNCTIONS if one.name == "sweep" and one.every_seconds]
    yield Limit(
        what="the sweep's look through the bucket, a page each time",
        unit="objects a day",
        limit=sum(sweeps) * _PAGE_OBJECTS,
        source="remove_orphans: one page a sweep; objects of a year, looked at in a year",
        need=lambda users: users * SESSIONS_A_USER_AND_DAY,
    )

"""What sessions of twelve minutes of speech cost, whatever the stage."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bench.cost.idle_bill import HOURS
from bench.cost.line import Line
from bench.cost.measured import PLATFORM_LOG_BYTES, Used, Worked, gigabyte_seconds, measured
from bench.cost.stages import Stage
from functions.catalogue import FUNCTIONS
from shared.ai.capabilities import Usage
from shared.ai.tariff import price

SESSIONS = 1_000
_A_WEEK_FROM = datetime(2026, 11, 16, tzinfo=UTC)
_HOURS_OF_A_WEEK = 168
_GIGABYTE = 1e9
_ANSWER_BYTES = 4_000
"""An answer to the phone, headers included; most are smaller."""
_ANSWER_TOKENS = 300
_WRITE_UNIT_BYTES = 4_096
_API = {function.name for function in FUNCTIONS if function.routes}
_QUEUED = {function.name for function in FUNCTIONS if function.queues}
_WRITES = ("PUT", "POST", "LIST")


def session_bill(sessions: int = SESSIONS) -> list[Line]:
    """Line by line: providers first, then AWS. What is kept is charged again each month, by lines that say so."""
    return [*_providers(sessions), *_lambda(sessions), *_around(sessions), *_kept(sessions)]


def question_bill(questions: int = SESSIONS) -> list[Line]:
    """Questions to the notes: the model and the function; a session has none by itself."""
    facts = measured()
    asked = [
        Line(what=f"{one.operation}, {one.model}", quantity=questions, dollars_each=_dollars(one))
        for one in facts.question_usage
    ]
    time = questions * gigabyte_seconds("ask", facts.question)
    return [*asked, Line(what="ask", quantity=time, price="lambda_time"), _gateway(questions)]


def requests_of_a_session() -> float:
    """How often a phone asks the API for one session."""
    return sum(worked.invocations for name, worked in measured().functions.items() if name in _API)


def _providers(sessions: int) -> Iterator[Line]:
    for one in measured().usage:
        yield Line(what=f"{one.operation}, {one.model}", quantity=sessions, dollars_each=_dollars(one))


def _dollars(used: Used) -> float:
    """The mean over the hours of a week, for one provider has hours that cost double."""
    usage = Usage(
        provider=used.provider,
        model=used.model,
        operation=used.operation,
        input_tokens=round(used.input_tokens),
        output_tokens=round(used.output_tokens),
        audio_ms=round(used.audio_ms),
    )
    cents = [price(usage, at=_A_WEEK_FROM + timedelta(hours=hour)) for hour in range(_HOURS_OF_A_WEEK)]
    if None in cents:
        raise ValueError(f"the tariff knows no price of {used.model}")
    return float(sum((cent or Decimal(0) for cent in cents), Decimal(0)) / _HOURS_OF_A_WEEK / 100)


def metrics_bill(stage: Stage, sessions: int) -> Line:
    """What our code measures, in the hour of each session and the one after: in every hour, from a few hundred on."""
    hours = min(HOURS, 2 * sessions) if stage.has_metrics else 0
    return Line(what="metrics of our own", quantity=len(measured().metrics) * hours / HOURS, price="metric")


def _lambda(sessions: int) -> Iterator[Line]:
    functions = measured().functions
    yield Line(what="invocations", quantity=sessions * _invocations(list(functions.values())), price="lambda_requests")
    for title, names in (("API functions", _API), ("workers", _QUEUED)):
        time = sum(gigabyte_seconds(name, worked) for name, worked in functions.items() if name in names)
        yield Line(what=title, quantity=sessions * time, price="lambda_time")


def _around(sessions: int) -> Iterator[Line]:
    facts = measured()
    requests = requests_of_a_session()
    logged = sum(one.invocations * (one.log_bytes + PLATFORM_LOG_BYTES) for one in facts.functions.values())
    queued = _invocations([worked for name, worked in facts.functions.items() if name in _QUEUED])
    writes = sum(count for method, count in facts.bucket_calls.items() if method in _WRITES)
    reads = sum(count for method, count in facts.bucket_calls.items() if method not in _WRITES)
    sent = facts.recording_bytes + requests * _ANSWER_BYTES
    yield _gateway(sessions * requests)
    # A message is received and deleted by the mapping; what functions ask themselves was counted.
    yield Line(what="queues", quantity=sessions * (sum(facts.queue_calls.values()) + 2 * queued), price="queue")
    yield Line(what="bucket", quantity=sessions * writes, price="bucket_writes")
    yield Line(what="bucket", quantity=sessions * reads, price="bucket_reads")
    yield Line(what="to the speech provider, and to phones", quantity=sessions * sent / _GIGABYTE, price="transfer")
    yield Line(what="log", quantity=sessions * logged / _GIGABYTE, price="log_taken")


def _kept(sessions: int) -> Iterator[Line]:
    facts = measured()
    recordings = sessions * facts.recording_bytes / _GIGABYTE
    rows = sessions * facts.database["bytes"] / _GIGABYTE
    yield Line(what="recordings, each month they are kept", quantity=recordings, price="bucket_kept")
    yield Line(what="rows, each month they are kept, at Neon", quantity=rows, price="neon_kept")


def _gateway(requests: float) -> Line:
    return Line(what="requests of phones", quantity=requests, price="gateway")


def _invocations(worked: Sequence[Worked]) -> float:
    return sum(one.invocations for one in worked)

"""Asks the providers of one capability in their order until one answers, and leaves alone those known to be away.

What each function learns of a provider it shares with all others through its circuit (shared/ai/circuit.py). The
circuit is advice: when the database cannot be asked about it, the provider is asked all the same, and an answer that
was paid for is never lost because its circuit could not be written.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Generic, Protocol, TypeVar

import psycopg

from shared.ai.budget import MARGIN_SECONDS, try_seconds
from shared.ai.capabilities import Endpoint, Usage
from shared.ai.look_at_circuit import look_at_circuit
from shared.ai.note_failure import note_failure
from shared.ai.note_success import note_success
from shared.ai.take_probe import take_probe
from shared.ai.total_time import within
from shared.ai.vendor_errors import InvalidReply, costing, usage_of_failure
from shared.db.connection import Database
from shared.errors import ProviderPaused, SecondBrainError, VendorDown, VendorRefused
from shared.metrics import count
from shared.telemetry import log
from shared.values import frozen

AdapterT = TypeVar("AdapterT")
AdapterT_co = TypeVar("AdapterT_co", covariant=True)
ReplyT = TypeVar("ReplyT")
AnswerT = TypeVar("AnswerT")

LONGEST_PUT_OFF_SECONDS = 60.0
"""A step looks again after so long at the latest, so that it goes on soon after its provider is back."""


class BuildAdapter(Protocol[AdapterT_co]):
    """A vendor's adapter, as its class is called."""

    def __call__(self, endpoint: Endpoint, *, timeout_seconds: float) -> AdapterT_co:
        """An adapter whose single requests give up after `timeout_seconds`."""
        ...


@frozen
class Link(Generic[AdapterT]):
    """One provider of the chain."""

    provider: str
    adapter: AdapterT


@frozen
class _Permit:
    """Whether a provider may be asked, and as what; otherwise for how long not."""

    is_given: bool = True
    is_probe: bool = False
    wait_seconds: float = 0.0


@dataclass(kw_only=True)
class _Course:
    """What came of asking, so far. `waits`: of each provider that is left alone, for how long, in seconds."""

    failures: list[VendorDown] = field(default_factory=list[VendorDown])
    waits: list[float] = field(default_factory=list[float])

    @property
    def wasted(self) -> tuple[Usage, ...]:
        """What failed calls cost."""
        paid = (usage_of_failure(failure) for failure in self.failures)
        return tuple(usage for usage in paid if usage is not None)

    @property
    def paid_for_nothing(self) -> list[InvalidReply]:
        """Answers of no use that were paid for."""
        return [failure for failure in self.failures if isinstance(failure, InvalidReply) and failure.usage is not None]


class ProviderChain(Generic[AdapterT]):
    """The providers of one capability, first choice first."""

    def __init__(self, db: Database, capability: str, links: Sequence[Link[AdapterT]], *, each_seconds: float) -> None:
        self._db = db
        self._capability = capability
        self._links = tuple(links)
        self._each_seconds = each_seconds

    @property
    def first(self) -> AdapterT:
        """The adapter of the first choice."""
        return self._links[0].adapter

    def ask(self, question: Callable[[AdapterT], ReplyT]) -> tuple[ReplyT, tuple[Usage, ...]]:
        """The first answer, and what calls before it cost in vain.

        Raises:
            VendorRefused: a provider will not take this content; no other is asked, for it would be told the same.
            InvalidReply: an answer of no use was the last word, and one was paid for or others may follow.
            ProviderPaused: all providers are away: nobody was asked, or the last to be asked proved to be.
            VendorDown: a provider failed that may answer the next time.
        """
        course = _Course()
        for link in self._links:
            permit = self._permit(link)
            if not permit.is_given:
                course.waits.append(permit.wait_seconds)
                continue
            try:
                reply = within(self._each_seconds, lambda adapter=link.adapter: question(adapter))
            except VendorRefused as refused:
                self._count(link, "refused")
                self._worked(link)
                raise _with_usage(refused, course.wasted) from refused
            except VendorDown as failure:
                self._failed(link, failure, course, was_probe=permit.is_probe)
            else:
                self._worked(link)
                return reply, course.wasted
        raise self._outcome(course)

    def _permit(self, link: Link[AdapterT]) -> _Permit:
        circuit = self._advice(lambda: look_at_circuit(self._db, link.provider, self._capability))
        if circuit is None or circuit.is_closed:
            return _Permit()
        if not circuit.is_half_open:
            return _Permit(is_given=False, wait_seconds=circuit.wait_seconds)
        lasts = timedelta(seconds=self._each_seconds + MARGIN_SECONDS)
        taken = self._advice(lambda: take_probe(self._db, link.provider, self._capability, lasts=lasts))
        if taken is None:
            return _Permit()
        is_ours, circuit = taken
        return _Permit(is_given=is_ours or circuit.is_closed, is_probe=is_ours, wait_seconds=circuit.wait_seconds)

    def _failed(self, link: Link[AdapterT], failure: VendorDown, course: _Course, *, was_probe: bool) -> None:
        course.failures.append(failure)
        names = {"provider": link.provider, "capability": self._capability}
        self._count(link, failure.failure)
        log.warning("provider failed", extra={**names, "failure": failure.failure, "detail": failure.detail})
        noted = self._advice(
            lambda: note_failure(self._db, link.provider, self._capability, failure, was_probe=was_probe)
        )
        if noted is None:
            return
        circuit, has_opened = noted
        if has_opened:
            count("circuits_opened", provider=link.provider, capability=self._capability)
            log.error("provider left alone", extra={**names, "seconds": round(circuit.wait_seconds)})
        if not circuit.is_closed:
            # Others go first: if it is our content that breaks the provider, theirs will show that it works.
            course.waits.append(circuit.wait_seconds * 1.5)

    def _count(self, link: Link[AdapterT], error: str) -> None:
        count("provider_errors", provider=link.provider, capability=self._capability, error=error)

    def _worked(self, link: Link[AdapterT]) -> None:
        has_closed = self._advice(lambda: note_success(self._db, link.provider, self._capability))
        if has_closed:
            log.info("provider is back", extra={"provider": link.provider, "capability": self._capability})

    def _outcome(self, course: _Course) -> VendorDown:
        return costing(self._last_word(course), _one_usage(course.wasted))

    def _last_word(self, course: _Course) -> VendorDown:
        if course.paid_for_nothing:
            return course.paid_for_nothing[-1]
        if len(course.waits) == len(self._links):
            return _paused(self._capability, min(course.waits))
        # Of those that may be asked soon, the last: another's Retry-After must not hold the step back.
        return min(reversed(course.failures), key=lambda failure: failure.retry_after_seconds or 0)

    def _advice(self, ask: Callable[[], AnswerT]) -> AnswerT | None:
        try:
            return ask()
        except (SecondBrainError, psycopg.Error) as error:
            log.warning("circuit not known", extra={"capability": self._capability, "error": type(error).__name__})
            return None


def chain_of(
    db: Database,
    capability: str,
    endpoints: Sequence[Endpoint],
    build: BuildAdapter[AdapterT],
    *,
    total_seconds: float,
) -> ProviderChain[AdapterT]:
    """A chain over `endpoints`, whose tries take `total_seconds` together at most."""
    each = try_seconds(total_seconds, len(endpoints))
    links = [Link(provider=e.provider, adapter=build(e, timeout_seconds=each)) for e in endpoints]
    return ProviderChain(db, capability, links, each_seconds=each)


def _one_usage(calls: Sequence[Usage]) -> Usage | None:
    """The last of several calls, which carries those before it; None when there was none."""
    return replace(calls[-1], wasted=tuple(calls[:-1])) if calls else None


def _with_usage(refused: VendorRefused, wasted: tuple[Usage, ...]) -> VendorRefused:
    own = usage_of_failure(refused)
    return costing(refused, _one_usage(wasted if own is None else (*wasted, own)))


def _paused(capability: str, wait_seconds: float) -> ProviderPaused:
    # Not all in the same second: the first to come is the probe, and the rest would have come for nothing.
    seconds = min(wait_seconds, LONGEST_PUT_OFF_SECONDS) * random.uniform(1.0, 1.2)  # noqa: S311 - jitter, no secret
    return ProviderPaused(
        f"Every provider of {capability} is away. The next is asked in {wait_seconds:.0f} seconds.",
        retry_after_seconds=max(1, round(seconds)),
    )

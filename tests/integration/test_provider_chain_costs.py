"""What failed calls cost is never lost: it travels with whatever comes of asking."""

import json
from collections.abc import Iterator

import pytest

from shared.ai.capabilities import Usage
from shared.ai.vendor_errors import InvalidReply, RefusedReply
from shared.db.connection import Database
from shared.errors import VendorDown
from tests.fakes.vendor_server import Answer
from tests.fixtures.chained import BLANK, DEAD, WELL, TwoProviders, summary_of, two_providers


@pytest.fixture
def providers() -> Iterator[TwoProviders]:
    with two_providers() as both:
        yield both


def test_what_a_useless_answer_cost_travels_with_the_answer_that_was_used(
    providers: TwoProviders, db: Database
) -> None:
    providers.first.answer_with(BLANK)
    usage = summary_of(providers.chain(db)).usage
    assert (usage.provider, usage.tokens) == ("second", 100)
    assert [(wasted.provider, wasted.tokens) for wasted in usage.wasted] == [("first", 100)]


def test_what_useless_answers_cost_travels_with_the_failure(providers: TwoProviders, db: Database) -> None:
    providers.first.answer_with(BLANK)
    providers.second.answer_with(BLANK)
    with pytest.raises(InvalidReply) as failure:
        summary_of(providers.chain(db))
    usage = failure.value.usage
    assert isinstance(usage, Usage)
    assert (usage.provider, [wasted.provider for wasted in usage.wasted]) == ("second", ["first"])


def test_what_a_useless_answer_cost_travels_with_a_refusal(providers: TwoProviders, db: Database) -> None:
    providers.first.answer_with(BLANK)
    refusal = json.loads(WELL.body)
    refusal["choices"][0]["finish_reason"] = "content_filter"
    for second, told in ((Answer(status=422), ["first"]), (Answer.of_json(refusal), ["second", "first"])):
        providers.second.answer_with(second)
        with pytest.raises(RefusedReply) as failure:
            summary_of(providers.chain(db))
        usage = failure.value.usage
        assert usage is not None
        assert [usage.provider, *(wasted.provider for wasted in usage.wasted)] == told
        assert failure.value.exact_code == "provider_refused"


def test_a_long_retry_after_of_the_second_does_not_hold_back_what_the_first_may_answer_soon(
    providers: TwoProviders, db: Database
) -> None:
    providers.first.answer_with(DEAD)
    providers.second.answer_with(Answer(status=429, headers={"Retry-After": "43200"}))
    with pytest.raises(VendorDown) as failure:
        summary_of(providers.chain(db))
    assert failure.value.retry_after_seconds is None

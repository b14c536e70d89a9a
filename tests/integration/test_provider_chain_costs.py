"""What failed calls cost is never lost: it travels with whatever comes of asking."""

import base64
import json
from array import array
from collections.abc import Iterator

import pytest

from shared.ai import embedding_replies
from shared.ai.capabilities import Usage
from shared.ai.chained_providers import ChainedEmbedder
from shared.ai.http_embedder import HttpEmbedder
from shared.ai.provider_chain import chain_of
from shared.ai.vendor_errors import InvalidReply, usage_of_failure
from shared.db.connection import Database
from shared.errors import ProviderPaused, VendorDown, VendorRefused
from tests.fakes.vendor_server import Answer
from tests.fixtures.chained import BLANK, DEAD, PLENTY_SECONDS, WELL, TwoProviders, summary_of, two_providers


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
        with pytest.raises(VendorRefused) as failure:
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


THROTTLED = Answer(status=429, headers={"Retry-After": "30"})
"""Opens a circuit at once."""
TOKENS_OF_A_TEXT = 7


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text goes in a request of its own."""
    monkeypatch.setattr(embedding_replies, "BATCH", 1)


def embedder_of(providers: TwoProviders, db: Database, *, links: int) -> ChainedEmbedder:
    chosen = providers.endpoints[:links]
    return ChainedEmbedder(chain_of(db, "embedding", chosen, HttpEmbedder, total_seconds=PLENTY_SECONDS))


def embedded() -> Answer:
    vector = base64.b64encode(array("f", [1.0, *[0.0] * 1535]).tobytes()).decode()
    data = [{"index": 0, "embedding": vector}]
    return Answer.of_json({"data": data, "usage": {"total_tokens": TOKENS_OF_A_TEXT}})


@pytest.mark.usefixtures("one_by_one")
def test_what_was_made_before_the_first_failed_travels_with_the_answer_of_the_second(
    providers: TwoProviders, db: Database
) -> None:
    providers.first.answer_with(embedded(), DEAD)
    providers.second.answer_with(embedded())
    usage = embedder_of(providers, db, links=2).embed(["boiler", "garden"]).usage
    assert (usage.provider, usage.tokens) == ("second", 2 * TOKENS_OF_A_TEXT)
    assert [(wasted.provider, wasted.tokens) for wasted in usage.wasted] == [("first", TOKENS_OF_A_TEXT)]


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize(
    ("answer", "kind", "code", "retry_after_seconds"),
    [
        (DEAD, VendorDown, "provider_unavailable", None),
        (Answer(status=422), VendorRefused, "provider_refused", None),
        (THROTTLED, ProviderPaused, "provider_paused", 30),
    ],
    ids=["down", "refused", "paused"],
)
def test_what_was_made_before_the_last_failed_travels_with_its_failure_which_stays_what_it_was(
    providers: TwoProviders,
    db: Database,
    answer: Answer,
    kind: type[VendorDown | VendorRefused],
    code: str,
    retry_after_seconds: int | None,
) -> None:
    providers.first.answer_with(embedded(), answer)
    with pytest.raises((VendorDown, VendorRefused)) as failure:
        embedder_of(providers, db, links=1).embed(["boiler", "garden"])
    assert (type(failure.value), failure.value.exact_code) == (kind, code)
    assert (failure.value.retry_after_seconds or 0) >= (retry_after_seconds or 0)
    usage = usage_of_failure(failure.value)
    assert usage is not None
    assert (usage.provider, usage.tokens, usage.wasted) == ("first", TOKENS_OF_A_TEXT, ())

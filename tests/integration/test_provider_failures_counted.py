"""Each failure of a provider is counted once, by its kind."""

from collections.abc import Iterator

import pytest

from shared.db.connection import Database
from shared.errors import VendorDown, VendorRefused
from tests.fakes.vendor_server import Answer
from tests.fixtures.chained import DEAD, TwoProviders, summary_of, two_providers
from tests.fixtures.measured import values_of


@pytest.fixture
def providers() -> Iterator[TwoProviders]:
    with two_providers() as both:
        yield both


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (DEAD, "server"),
        (Answer(status=500), "server"),
        (Answer(status=429), "throttled"),
        (Answer(status=401), "our_key"),
        (Answer(status=404), "other"),
        (Answer(status=400), "refused"),
        (Answer(status=413), "refused"),
        (Answer(body=b"<html>"), "invalid_reply"),
    ],
    ids=["503", "500", "429", "401", "404", "400", "413", "html"],
)
def test_a_providers_failure_is_counted_by_its_kind(
    providers: TwoProviders, db: Database, capsys: pytest.CaptureFixture[str], answer: Answer, word: str
) -> None:
    providers.first.answer_with(answer)
    with pytest.raises((VendorDown, VendorRefused)):
        summary_of(providers.chain(db, links=1))
    printed = capsys.readouterr().out
    assert values_of(printed, "provider_errors", provider="first", capability="chat", error=word) == [1]

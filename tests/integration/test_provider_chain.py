"""A second choice when the first fails, and nobody bothered who is known to be away: real SDKs, real Postgres."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from shared.ai.circuit import FAILURES_TO_OPEN, FIRST_WINDOW, KEY_WINDOW
from shared.ai.provider_chain import LONGEST_PUT_OFF_SECONDS
from shared.db.connection import Database
from shared.errors import ProviderPaused, VendorDown, VendorRefused
from tests.fakes.rude_server import resets, rude_server
from tests.fakes.vendor_server import Answer
from tests.fixtures.chained import (
    BLANK,
    DEAD,
    WELL,
    TwoProviders,
    hold_the_window,
    let_the_window_pass,
    summary_of,
    two_providers,
)
from tests.fixtures.crowds import Crowd
from tests.fixtures.seeds import chance

FAULTS = {
    "500": Answer(status=500),
    "503": DEAD,
    "429": Answer(status=429),
    "429 for a minute": Answer(status=429, headers={"Retry-After": "60"}),
    "401": Answer(status=401, body=b'{"error": {"message": "bad key"}}'),
    "402": Answer(status=402),
    "404": Answer(status=404),
    "html": Answer(body=b"<html>"),
    "blank": BLANK,
    "cut": Answer(body=WELL.body, sent_bytes=20),
    "redirect": Answer(status=307, headers={"Location": "http://127.0.0.1:9/"}),
}


@pytest.fixture
def providers() -> Iterator[TwoProviders]:
    with two_providers() as both:
        yield both


def circuits(owner: psycopg.Connection) -> dict[str, tuple[int, bool]]:
    found = owner.execute("SELECT provider, failures, opened_until IS NOT NULL FROM circuit_breakers").fetchall()
    return {provider: (failures, is_open) for provider, failures, is_open in found}


def ask_until_open(providers: TwoProviders, db: Database, *, links: int) -> None:
    chain = providers.chain(db, links=links)
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(VendorDown):
            summary_of(chain)


def measured(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = [line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return [{name: value for name, value in json.loads(line).items() if name != "_aws"} for line in lines]


def test_while_the_first_is_well_nobody_else_is_asked_and_nothing_is_written(
    providers: TwoProviders, db: Database, owner: psycopg.Connection
) -> None:
    chain = providers.chain(db)
    assert [summary_of(chain).usage.provider for _ in range(3)] == ["first"] * 3
    assert providers.asked() == (3, 0)
    assert circuits(owner) == {}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_whatever_the_first_does_the_second_answers(providers: TwoProviders, db: Database, fault: Answer) -> None:
    providers.first.answer_with(fault)
    assert summary_of(providers.chain(db)).usage.provider == "second"
    assert providers.asked() == (1, 1)


def test_a_first_that_hangs_leaves_the_second_its_own_time(providers: TwoProviders, db: Database) -> None:
    providers.first.answer_with(Answer(hangs=True))
    providers.chain(db)  # whatever is loaded at first use
    assert summary_of(providers.chain(db, total_seconds=6)).usage.provider == "second"


def test_a_first_whose_line_goes_dead_is_followed_by_the_second(providers: TwoProviders, db: Database) -> None:
    with rude_server(resets()) as dead:
        providers.endpoints[0] = type(providers.endpoints[0])(
            provider="first", base_url=dead.url, model="m", api_key="k"
        )
        assert summary_of(providers.chain(db)).usage.provider == "second"


def test_a_dead_provider_is_asked_five_times_and_then_once_in_each_window(
    providers: TwoProviders, db: Database, owner: psycopg.Connection
) -> None:
    providers.first.answer_with(DEAD)
    chain = providers.chain(db)
    for _ in range(FAILURES_TO_OPEN):
        assert summary_of(chain).usage.provider == "second"
    hold_the_window(owner)
    for _ in range(25):
        assert summary_of(chain).usage.provider == "second"
    assert providers.asked() == (FAILURES_TO_OPEN, 30)
    for window in range(1, 4):
        let_the_window_pass(owner)
        assert summary_of(chain).usage.provider == "second"
        hold_the_window(owner)
        for _ in range(4):
            assert summary_of(chain).usage.provider == "second"
        assert providers.asked()[0] == FAILURES_TO_OPEN + window


def test_a_provider_that_is_back_is_the_first_choice_again(
    providers: TwoProviders, db: Database, owner: psycopg.Connection
) -> None:
    providers.first.answer_with(DEAD)
    chain = providers.chain(db)
    for _ in range(FAILURES_TO_OPEN):
        summary_of(chain)
    hold_the_window(owner)
    providers.first.answer_with(WELL)
    assert summary_of(chain).usage.provider == "second"
    let_the_window_pass(owner)
    assert [summary_of(chain).usage.provider for _ in range(3)] == ["first"] * 3
    assert circuits(owner) == {"first": (0, False)}


def test_functions_share_what_they_learn(
    providers: TwoProviders, db: Database, system_db: Database, owner: psycopg.Connection
) -> None:
    providers.first.answer_with(DEAD)
    chains = [providers.chain(db), providers.chain(system_db)]
    for number in range(20):
        summary_of(chains[number % 2])
        hold_the_window(owner)
    assert providers.asked() == (FAILURES_TO_OPEN, 20)


def test_with_one_provider_the_fifth_failure_puts_the_step_off_and_then_nobody_is_asked(
    providers: TwoProviders, db: Database
) -> None:
    providers.first.answer_with(DEAD)
    chain = providers.chain(db, links=1)
    raised: list[VendorDown] = []
    for _ in range(FAILURES_TO_OPEN + 3):
        with pytest.raises(VendorDown) as failure:
            summary_of(chain)
        raised.append(failure.value)
    assert [type(error) for error in raised] == [VendorDown] * 4 + [ProviderPaused] * 4
    assert providers.asked() == (FAILURES_TO_OPEN, 0)
    *_, last_asked, not_asked = [error.retry_after_seconds or 0 for error in raised[4:6]]
    window = FIRST_WINDOW.total_seconds()
    assert 1 <= not_asked <= window * 1.2 + 1
    assert window * 1.2 < last_asked <= window * 1.5 * 1.2 + 1


def test_a_step_looks_again_after_a_minute_however_long_its_provider_is_left_alone(
    providers: TwoProviders, db: Database
) -> None:
    providers.first.answer_with(Answer(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(ProviderPaused) as paused:
        summary_of(providers.chain(db, links=1))
    assert 60 <= (paused.value.retry_after_seconds or 0) <= LONGEST_PUT_OFF_SECONDS * 1.2


def test_when_both_are_away_the_step_is_put_off_until_one_of_them_is_asked_again(
    providers: TwoProviders, db: Database, owner: psycopg.Connection
) -> None:
    providers.first.answer_with(DEAD)
    providers.second.answer_with(DEAD)
    ask_until_open(providers, db, links=2)
    with pytest.raises(ProviderPaused):
        summary_of(providers.chain(db))
    assert providers.asked() == (FAILURES_TO_OPEN, FAILURES_TO_OPEN)
    let_the_window_pass(owner)
    providers.second.answer_with(WELL)
    assert summary_of(providers.chain(db)).usage.provider == "second"


def test_a_refusal_is_the_last_word_and_no_failure_of_the_provider(
    providers: TwoProviders, db: Database, owner: psycopg.Connection
) -> None:
    providers.first.answer_with(Answer(status=400))
    chain = providers.chain(db)
    for _ in range(FAILURES_TO_OPEN + 1):
        with pytest.raises(VendorRefused):
            summary_of(chain)
    assert providers.asked() == (FAILURES_TO_OPEN + 1, 0)
    assert circuits(owner) == {}


def test_a_provider_that_refuses_a_probes_content_is_back(
    providers: TwoProviders, db: Database, owner: psycopg.Connection
) -> None:
    providers.first.answer_with(DEAD)
    ask_until_open(providers, db, links=1)
    let_the_window_pass(owner)
    providers.first.answer_with(Answer(status=422))
    with pytest.raises(VendorRefused):
        summary_of(providers.chain(db, links=1))
    assert circuits(owner) == {"first": (0, False)}


@pytest.mark.parametrize(
    "answer",
    [Answer(status=401), Answer(status=402), Answer(status=403), Answer(status=429, body=b'{"insufficient_quota"}')],
    ids=["401", "402", "403", "429 of an empty account"],
)
def test_a_refused_key_is_tried_once_and_an_operator_is_called(
    providers: TwoProviders, db: Database, owner: psycopg.Connection, capsys: pytest.CaptureFixture[str], answer: Answer
) -> None:
    providers.first.answer_with(answer)
    chain = providers.chain(db, links=1)
    for _ in range(4):
        with pytest.raises(ProviderPaused):
            summary_of(chain)
    assert providers.asked() == (1, 0)
    told = measured(capsys)
    words = {"provider": "first", "capability": "chat"}
    assert [line for line in told if "provider_errors" in line] == [
        {**words, "error": "our_key", "provider_errors": [1]}
    ]
    assert [line for line in told if "circuits_opened" in line] == [{**words, "circuits_opened": [1]}]
    [(seconds,)] = owner.execute(
        "SELECT extract(epoch FROM opened_until - updated_at) FROM circuit_breakers"
    ).fetchall()
    assert abs(float(seconds) - KEY_WINDOW.total_seconds()) < 0.5


def test_of_sixteen_at_once_one_probes_the_first_and_the_others_are_served_by_the_second(
    providers: TwoProviders, db: Database, owner: psycopg.Connection, many: Crowd
) -> None:
    providers.first.answer_with(DEAD)
    ask_until_open(providers, db, links=1)
    let_the_window_pass(owner)
    before = providers.asked()[0]
    answers = many.all_at_once([lambda mine: summary_of(providers.chain(mine)).usage.provider] * 16)
    assert answers == ["second"] * 16
    assert providers.asked()[0] - before == 1


def test_failures_among_many_successes_open_nothing(
    providers: TwoProviders, db: Database, owner: psycopg.Connection
) -> None:
    chain = providers.chain(db, links=1)
    for _ in range(4):
        providers.first.answer_with(*[DEAD] * 4, WELL)
        for _ in range(4):
            with pytest.raises(VendorDown):
                summary_of(chain)
        assert summary_of(chain).title == "Launch"
    assert circuits(owner) == {"first": (0, False)}


def test_three_of_ten_go_wrong_and_with_a_second_choice_nobody_notices(providers: TwoProviders, db: Database) -> None:
    dice = chance("a chain of two")
    faults = [Answer(status=500), DEAD, Answer(status=429), Answer(body=b"<html>"), BLANK]
    tens = [[*dice.choices(faults, k=3), *[WELL] * 7] for _ in range(20)]
    for ten in tens:
        dice.shuffle(ten)
    providers.first.answer_with(*itertools.chain.from_iterable(tens))
    chain = providers.chain(db)
    answered = [summary_of(chain).usage.provider for _ in range(200)]
    assert set(answered) == {"first", "second"}
    assert sum(providers.asked()) >= 200


def test_an_unreachable_database_keeps_nobody_from_asking(providers: TwoProviders) -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:9/none?connect_timeout=1")
    chain = providers.chain(nowhere)
    assert summary_of(chain).usage.provider == "first"
    providers.first.answer_with(DEAD)
    assert summary_of(chain).usage.provider == "second"


def test_no_transaction_is_open_while_a_provider_is_asked(
    providers: TwoProviders, db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in trans%'"
    open_meanwhile: list[Any] = []
    answer_next = providers.second._next

    def look_and_answer() -> Answer:
        open_meanwhile.append(owner.execute(query).fetchone())
        return answer_next()

    monkeypatch.setattr(providers.second, "_next", look_and_answer)
    providers.first.answer_with(DEAD)
    ask_until_open(providers, db, links=1)
    let_the_window_pass(owner)
    summary_of(providers.chain(db))
    assert open_meanwhile == [(0,)]

"""Reading times holds for any text: nothing is raised, spans lie in the text, periods are real, the work is linear."""

# ruff: noqa: RUF001 - odd characters are the point

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.when import SETS, read_phrases
from shared.when.find_times import find_times
from shared.when.model import Period
from shared.when.read_question import read_question
from shared.when.zones import zone_named

MOMENT = datetime(2026, 3, 11, 10, tzinfo=UTC)
_WORDS = sorted({word for name in SETS for phrase in read_phrases(name) for word in phrase.text.split()})
_ODD = [
    "\x00", "\n", "\n\n", "  ", "👍🏽", "🇵🇹", "e\u0301", "١٥/٠٣", "99999999999", "0", "00:00", "24:00", "31/12/9999",
    "01/01/1900", "in 999999999 years", "in 9999 years", "9999 years ago", "há 9999 anos", "9999 hours ago", "1/1/1",
    "²", "½", "\u202e", "\ud7ff", "’", "daqui a 9999 semanas", "ﬁ",
]  # fmt: skip
_TEXTS = st.lists(st.sampled_from(_WORDS + _ODD), max_size=40).map(" ".join) | st.text(max_size=300)
_MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Sao_Paulo")]))
_ZONES = st.sampled_from(["UTC", "Europe/Lisbon", "Pacific/Apia", "America/New_York", "Mars/Olympus", "", "../up"])
_LANGUAGES = st.sampled_from(["en", "pt", "en-GB", "pt-BR", "de", "", "EN-us"])


@settings(deadline=None)  # another process may have the processor
@given(text=_TEXTS, moment=_MOMENTS, zone=_ZONES, language=_LANGUAGES)
def test_any_note_gives_mentions_that_lie_in_it_one_after_another_with_real_periods(
    text: str, moment: datetime, zone: str, language: str
) -> None:
    mentions = find_times(text, captured_at=moment, time_zone=zone, language=language)
    ends = [0]
    for mention in mentions:
        assert ends[-1] <= mention.start < mention.end <= len(text)
        assert mention.period.start.utcoffset() == mention.period.end.utcoffset() == timedelta(0)
        assert mention.period.start < mention.period.end
        ends.append(mention.end)


@settings(deadline=None)  # another process may have the processor
@given(text=_TEXTS, moment=_MOMENTS, zone=_ZONES, language=_LANGUAGES)
def test_any_question_keeps_its_words_or_gives_a_real_period_for_them(
    text: str, moment: datetime, zone: str, language: str
) -> None:
    question = read_question(text, now=moment, time_zone=zone, language=language)
    if question.period is None:
        assert question.rest == text.strip()
    else:
        assert question.period.start < question.period.end
        assert len(question.rest) <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "1/",
        "in 2 ",
        "two ",
        "at nine ",
        "between 2 and ",
        "segunda ",
        "de segunda a ",
        "the ",
        "twenty-",
        "dia ",
        "a" * 50,
    ],
)
def test_a_text_four_times_as_long_takes_no_more_than_twelve_times_as_long(piece: str) -> None:
    def took(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.process_time()
        find_times(text, captured_at=MOMENT, time_zone="Europe/Lisbon", language="en")
        return time.process_time() - start

    # The best of several: another process on the same core makes any one of them several times as long.
    short, long = (min(took(length) for _ in range(5)) for length in (2_500, 10_000))
    assert long <= max(12 * short, 0.5)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        find_times("tomorrow", captured_at=datetime(2026, 3, 11), time_zone="UTC", language="en")  # noqa: DTZ001


def test_an_unknown_zone_is_read_as_utc() -> None:
    found = find_times("tomorrow", captured_at=MOMENT, time_zone="Mars/Olympus", language="en")
    day = datetime(2026, 3, 12, tzinfo=UTC)
    assert [mention.period for mention in found] == [Period(start=day, end=day + timedelta(days=1))]


def test_the_day_is_that_of_the_zone_not_of_utc() -> None:
    late = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)  # already the 12th in Tokyo
    found = find_times("today", captured_at=late, time_zone="Asia/Tokyo", language="en")
    assert found[0].period.start == datetime(2026, 3, 12, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_a_span_is_the_words_that_name_the_time() -> None:
    text = "Lunch with Ana next Monday at nine, I hope."
    (mention,) = find_times(text, captured_at=MOMENT, time_zone="UTC", language="en")
    assert (text[mention.start : mention.end], mention.is_exact) == ("next Monday at nine", True)


def test_a_day_of_25_hours_is_one_day() -> None:
    (mention,) = find_times("on 25 October", captured_at=MOMENT, time_zone="Europe/Lisbon", language="en")
    assert mention.period.end - mention.period.start == timedelta(hours=25)


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("what did I say before March?", ("1970-01-01", "2026-03-01")),
        ("what did I say after February?", ("2026-03-01", "2200-01-01")),
        ("o que disse até fevereiro?", ("1970-01-01", "2026-03-01")),
        ("what did I say since yesterday?", ("2026-03-10", "2026-03-12")),
    ],
    ids=["before", "after", "until", "since"],
)
def test_a_question_may_leave_one_side_open(question: str, period: tuple[str, str]) -> None:
    start, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in period)
    asked = read_question(question, now=MOMENT, time_zone="UTC", language="en")
    assert asked.period == Period(start=start, end=end)


@pytest.mark.parametrize("name", ["UTC", "Europe/Lisbon", "America/Sao_Paulo", "US/Eastern", "Asia/Calcutta"])
def test_zones_are_known_by_their_names_and_aliases(name: str) -> None:
    zone = zone_named(name)
    assert zone is not None
    assert zone.key == name


@pytest.mark.parametrize(
    "name", ["", " UTC", "Lisbon", "../../etc/passwd", "/etc/localtime", "Europe", "x" * 300, "\x00"],
    ids=["empty", "spaced", "bare", "upwards", "absolute", "folder", "long", "nul"],
)  # fmt: skip
def test_what_names_no_zone_is_none(name: str) -> None:
    assert zone_named(name) is None

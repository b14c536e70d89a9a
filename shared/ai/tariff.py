"""What providers charge: the price of a call by its model, its day and its hour of the week. Values in, value out.

Prices are US cents before tax, as the vendors' public pages name them for pay-as-you-go. A price that changes gets a
row of its own with the moment it holds from; rows are never rewritten, so that an old call keeps the price of its day.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from shared.ai.capabilities import Usage
from shared.values import frozen

LOCAL = "local"
"""The provider on this machine: it costs nothing."""

_MILLION = Decimal(1_000_000)
_MS_PER_HOUR = Decimal(3_600_000)
_PLACES = Decimal("0.000001")  # as ai_usage.cost_cents keeps it

_DATE_SUFFIX = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@frozen
class Peak:
    """Hours of the week in which everything costs `factor` times as much. Hours and days are Beijing's."""

    hours: frozenset[int]
    weekdays: frozenset[int] = frozenset(range(7))
    days_off: frozenset[date] = frozenset()
    factor: int = 2

    def holds(self, at: datetime) -> bool:
        """Whether `at` lies in it; an hour begins with its first moment and ends before the next one's."""
        there = at.astimezone(_BEIJING)
        return there.hour in self.hours and there.weekday() in self.weekdays and there.date() not in self.days_off


@frozen
class TokenRate:
    """What a model costs by the token from a moment on, in cents for a million."""

    provider: str
    model: str
    valid_from: datetime
    fresh_input: Decimal
    cached_input: Decimal
    output: Decimal
    peak: Peak | None = None

    def cents(self, usage: Usage, at: datetime) -> Decimal | None:
        """None when the provider told no tokens: a call whose size is unknown has no known price."""
        if usage.input_tokens == usage.output_tokens == 0:
            return None
        cached = min(usage.cached_input_tokens, usage.input_tokens)
        fresh = usage.input_tokens - cached
        cost = fresh * self.fresh_input + cached * self.cached_input + usage.output_tokens * self.output
        factor = self.peak.factor if self.peak is not None and self.peak.holds(at) else 1
        return cost * factor / _MILLION


@frozen
class AudioRate:
    """What a model costs by the length of a recording from a moment on, in cents for an hour."""

    provider: str
    model: str
    valid_from: datetime
    hour: Decimal
    least_ms: int

    def cents(self, usage: Usage, _at: datetime) -> Decimal | None:
        """Every request counts as `least_ms` at least; None when the provider told no length."""
        if usage.audio_ms == 0:
            return None
        return max(usage.audio_ms, self.least_ms) * self.hour / _MS_PER_HOUR


Rate = TokenRate | AudioRate


def price(usage: Usage, *, at: datetime, tariff: Sequence[Rate] | None = None) -> Decimal | None:
    """What one call cost, in cents to six places; None when the tariff knows no price of that model at that moment."""
    if at.tzinfo is None:
        raise ValueError("a price depends on the hour: `at` needs a time zone")
    if usage.provider == LOCAL:
        return Decimal(0)
    rate = _rate(TARIFF if tariff is None else tariff, usage, at)
    cents = None if rate is None else rate.cents(usage, at)
    return None if cents is None else cents.quantize(_PLACES)


def _rate(tariff: Sequence[Rate], usage: Usage, at: datetime) -> Rate | None:
    """The newest rate that holds. A model with a date in its name costs what it costs without, unless listed itself."""
    for name in (usage.model, _DATE_SUFFIX.sub("", usage.model)):
        known = [rate for rate in tariff if (rate.provider, rate.model) == (usage.provider, name)]
        held = [rate for rate in known if rate.valid_from <= at]
        if known:
            return max(held, key=lambda rate: rate.valid_from, default=None)
    return None


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _days(first: str, last: str) -> frozenset[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return frozenset(start + timedelta(days=day) for day in range((end - start).days + 1))


_BEIJING = timezone(timedelta(hours=8))  # no daylight saving

# https://api-docs.deepseek.com/quick_start/pricing, footnote 2: 01:00-04:00 and 06:00-10:00 UTC. The Chinese page says
# what is meant, 9:00-12:00 and 14:00-18:00 in Beijing, Monday to Friday there. Every day at first; not on weekends
# since 23 August 2026, nor on public holidays, which the page names since 19 September 2026.
_PEAK_HOURS = frozenset({*range(9, 12), *range(14, 18)})
_WORKING_DAYS = frozenset(range(5))

# https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm: those of 2026 that lie after the rule. Each
# November's notice brings the next year's; until it is entered, its holidays are priced as working days (too high).
_CHINESE_HOLIDAYS = _days("2026-09-25", "2026-09-27") | _days("2026-10-01", "2026-10-07")

_EVERY_DAY = Peak(hours=_PEAK_HOURS)
_ON_WEEKDAYS = Peak(hours=_PEAK_HOURS, weekdays=_WORKING_DAYS)
_ON_WORKING_DAYS = Peak(hours=_PEAK_HOURS, weekdays=_WORKING_DAYS, days_off=_CHINESE_HOLIDAYS)


def _flash(model: str, valid_from: str, peak: Peak, *, fresh: str, cached: str, output: str) -> TokenRate:
    """A row of DeepSeek's, by its off-peak prices."""
    return TokenRate(
        provider="deepseek",
        model=model,
        valid_from=_utc(valid_from),
        fresh_input=Decimal(fresh),
        cached_input=Decimal(cached),
        output=Decimal(output),
        peak=peak,
    )


# As found on 2026-11-21 on copies of the vendors' pages or, where there was none, quoted by others: compare them with
# your invoices. `valid_from` is when the price began, or when it was seen first.
TARIFF: tuple[Rate, ...] = (
    # https://groq.com/pricing: "billed at a minimum of 10s per request"; prices as on 2026-08-01 and since.
    AudioRate(
        provider="groq",
        model="whisper-large-v3-turbo",
        valid_from=_utc("2026-08-01"),
        hour=Decimal(4),
        least_ms=10_000,
    ),
    AudioRate(
        provider="groq",
        model="whisper-large-v3",
        valid_from=_utc("2026-08-01"),
        hour=Decimal("11.1"),
        least_ms=10_000,
    ),
    # https://developers.openai.com/api/docs/models/whisper-1: 0.6 cents a minute, to the second.
    AudioRate(
        provider="openai",
        model="whisper-1",
        valid_from=_utc("2023-03-01"),
        hour=Decimal(36),
        least_ms=1_000,
    ),
    # https://developers.openai.com/api/docs/pricing, as quoted by others since the models came out.
    TokenRate(
        provider="openai",
        model="gpt-4.1-mini",
        valid_from=_utc("2025-04-14"),
        fresh_input=Decimal(40),
        cached_input=Decimal(10),
        output=Decimal(160),
    ),
    TokenRate(
        provider="openai",
        model="text-embedding-3-small",
        valid_from=_utc("2024-01-25"),
        fresh_input=Decimal(2),
        cached_input=Decimal(2),
        output=Decimal(0),
    ),
    # https://api-docs.deepseek.com/quick_start/pricing: midnights in Beijing. The name deepseek-flash is new on
    # 10 September 2026; the older name is served by the same model, and billed as it, since.
    _flash("deepseek-v4-flash", "2026-08-16T16:00", _EVERY_DAY, fresh="22", cached="0.7", output="66"),
    _flash("deepseek-v4-flash", "2026-08-22T16:00", _ON_WEEKDAYS, fresh="22", cached="0.7", output="66"),
    _flash("deepseek-v4-flash", "2026-09-09T16:00", _ON_WORKING_DAYS, fresh="15", cached="0.3", output="60"),
    _flash("deepseek-flash", "2026-09-09T16:00", _ON_WORKING_DAYS, fresh="15", cached="0.3", output="60"),
)

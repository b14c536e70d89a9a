"""How times are said in English: a table of rules."""

from collections.abc import Sequence

from shared.when import english_words as words
from shared.when.date_meanings import calendar_date, days_of_month, months, year
from shared.when.days import CalendarDate, Offset, Weekday
from shared.when.english_clocks import ENGLISH_CLOCK_PARTS, ENGLISH_CLOCKS
from shared.when.guards import after, before, either, has_word, is_capital, no, stands_alone
from shared.when.numeric_dates import NUMERIC_DATES, NUMERIC_YEAR
from shared.when.patterns import Captures, Grammar, Part, Rule
from shared.when.said import Amount, Said, amount, away, no_time, nth_week, nth_weekday, offset, on, rolling, sliced
from shared.when.times_of_day import PartOfDay
from shared.when.tokens import Token

_CLOSED = before(words.CLOSED)
_CLEAR_MONTH = either(is_capital, no(has_word(words.NAMES_AND_VERBS)), _CLOSED)
_RECORDS = {"first", "once", "twice", "times", "only", "most", "worst", "best"}
_LED = after({"on", "by", "until", "till", "since", "from", "before", "after", "to", "for", "of", "the", "and", "or"})
_AFTER_LEADING = after(words.LEADING)


def _weekday_and_day(captured: Captures) -> CalendarDate:
    return CalendarDate(day=captured["ordinal"], weekday=captured["weekday"])


def _day(count: int, part: PartOfDay | None = None) -> Said:
    return Said(days=Offset(unit="day", count=count), part=part)


def _is_a_record(tokens: Sequence[Token], start: int, _end: int) -> bool:
    """As in "the first one in three weeks"."""
    return any(token.word in _RECORDS for token in tokens[max(0, start - 4) : start])


_PARTS: dict[str, Part] = {
    "number": words.NUMBERS,
    "weekday": words.WEEKDAYS,
    "any_weekday": words.WEEKDAYS | words.SHORT_WEEKDAYS,
    "short_weekday": words.SHORT_WEEKDAYS,
    "weekdays": words.PLURAL_WEEKDAYS,
    "month": words.MONTHS | words.SHORT_MONTHS,
    "long_month": words.MONTHS,
    "unit": words.UNITS,
    "period": words.PERIODS,
    "part": words.PARTS,
    "edge": words.EDGES,
    "nth": words.NTHS,
    "early": words.EARLY_OR_LATE,
    "feast": words.FEASTS,
    "ordinal_word": words.ORDINALS,
    "today": {
        "today's": _day(0),
        "tomorrow's": _day(1),
        "yesterday's": _day(-1),
        "tonight's": _day(0, "night"),
        "a week today": _day(7),
        "a week tomorrow": _day(8),
        "a week from today": _day(7),
        "two weeks today": _day(14),
        "today": _day(0),
        "tonight": _day(0, "night"),
        "tomorrow": _day(1),
        "yesterday": _day(-1),
        "last night": _day(-1, "night"),
        "the day after tomorrow": _day(2),
        "day after tomorrow": _day(2),
        "the day before yesterday": _day(-2),
        "day before yesterday": _day(-2),
    },
    "year": [Rule(pattern="<int>", build=year)],
    "short_year": NUMERIC_YEAR,
    "ordinal": [
        Rule(pattern="<int> ~st|nd|rd|th", build=lambda c: c["int"]),
        Rule(pattern="<ordinal_word>", build=lambda c: c["ordinal_word"]),
    ],
    "day": [
        Rule(pattern="<int>", build=lambda c: c["int"]),
        Rule(pattern="<ordinal>", build=lambda c: c["ordinal"]),
    ],
    "count": [
        Rule(pattern="<int>", build=lambda c: c["int"]),
        Rule(pattern="<number>", build=lambda c: c["number"]),
        Rule(pattern="a|an", build=lambda _: 1),
        Rule(pattern="a? couple of?", build=lambda _: 2),
        Rule(pattern="a? few", build=lambda _: 3),
    ],
    "amount": [
        Rule(pattern="<count> <unit>", build=amount),
        Rule(pattern="half an hour", build=lambda _: Amount(unit="minute", count=30)),
        Rule(pattern="an hour and a half", build=lambda _: Amount(unit="minute", count=90)),
        Rule(pattern="a fortnight", build=lambda _: Amount(unit="week", count=2)),
    ],
    "stretch": [
        Rule(pattern="<month> <year>?", build=calendar_date, guards=(_CLEAR_MONTH,)),
        Rule(pattern="<year>", build=calendar_date),
        Rule(pattern="the|this <period>", build=lambda c: Offset(unit=c["period"], count=0)),
        Rule(pattern="next <period>", build=lambda c: Offset(unit=c["period"], count=1)),
        Rule(pattern="last <period>", build=lambda c: Offset(unit=c["period"], count=-1)),
    ],
    **ENGLISH_CLOCK_PARTS,
}

_RELATIVE = (
    Rule(pattern="<today>", build=lambda c: c["today"]),
    Rule(pattern="this <part>", build=lambda c: _day(0, c["part"])),
    Rule(pattern="this|the_current <period>", build=offset(0)),
    Rule(pattern="next|the_following|the_coming|the_next <period>", build=offset(1)),
    Rule(pattern="last|the_last|the_previous|previous <period>", build=offset(-1)),
    Rule(pattern="the? <period> after next", build=offset(2)),
    Rule(pattern="the? <period> before last", build=offset(-2)),
    Rule(pattern="in <amount> time?", build=away(1, is_doubtful=True), guards=(no(_is_a_record),)),
    Rule(pattern="<amount> from_now|hence", build=away(1)),
    Rule(pattern="<amount> ago", build=away(-1)),
    Rule(pattern="the? last|past|previous <amount>", build=rolling(-1)),
    Rule(pattern="the? past <period:unit>", build=lambda c: rolling(-1)({"amount": Amount(unit=c["unit"], count=1)})),
    Rule(pattern="the? next|coming <amount>", build=rolling(1)),
)
_WEEKDAYS = (
    Rule(pattern="<weekday>", build=on(lambda c: Weekday(index=c["weekday"])), guards=(_LED,)),
    Rule(pattern="<weekday>", build=on(lambda c: Weekday(index=c["weekday"], is_bare=True)), guards=(no(_LED),)),
    Rule(pattern="<weekday> ,? the <ordinal>", build=on(_weekday_and_day), guards=(_CLOSED,)),
    Rule(
        pattern="<short_weekday> ~.?",
        build=on(lambda c: Weekday(index=c["short_weekday"])),
        guards=(is_capital, after({"on", "this", "until", "by", "since", "from", "before", "after", ",", "-"})),
    ),
    Rule(
        pattern="this|this_coming|coming <any_weekday>",
        build=on(lambda c: Weekday(index=c["any_weekday"], is_this=True)),
    ),
    Rule(pattern="next <any_weekday>", build=on(lambda c: Weekday(index=c["any_weekday"], steps=1))),
    Rule(pattern="last|this_past <any_weekday>", build=on(lambda c: Weekday(index=c["any_weekday"], steps=-1))),
    Rule(pattern="<count> <weekdays> ago", build=on(lambda c: Weekday(index=c["weekdays"], steps=-c["count"]))),
    Rule(pattern="a <weekday> ago", build=on(lambda c: Weekday(index=c["weekday"], steps=-1))),
)
_DATES = (
    Rule(pattern="<day> <month> ~.? ,? <year>?", build=on(calendar_date), guards=(_CLEAR_MONTH, stands_alone)),
    Rule(pattern="<day> of <month> ,? <year>?", build=on(calendar_date), guards=(stands_alone,)),
    Rule(pattern="<month> ~.? the? <day> ,? <year>?", build=on(calendar_date), guards=(_CLEAR_MONTH, stands_alone)),
    Rule(pattern="<long_month:month> , the <ordinal:day>", build=on(calendar_date), guards=(_CLOSED,)),
    Rule(pattern="<month> ~.? of? <year>", build=on(calendar_date), guards=(stands_alone,)),
    Rule(pattern="<long_month:month>", build=on(calendar_date), guards=(_AFTER_LEADING, either(is_capital, _CLOSED))),
    Rule(pattern="next <long_month>", build=on(lambda c: CalendarDate(month=c["long_month"], lean="future"))),
    Rule(pattern="last <long_month>", build=on(lambda c: CalendarDate(month=c["long_month"], lean="past"))),
    Rule(
        pattern="<int:day> ~st|nd|rd|th",
        build=on(calendar_date),
        guards=(after({"the"}), _CLOSED),
    ),
    Rule(
        pattern="<year>",
        build=on(calendar_date),
        guards=(
            after({"in", "since", "until", "by", "before", "after", "from", "during", "of"}),
            _CLOSED,
            stands_alone,
        ),
    ),
    Rule(
        pattern="<feast>",
        build=on(lambda c: c["feast"]),
        guards=(either(_CLOSED, after({"on", "at", "for", "by", "until", "since", "before", "after", "this"})),),
    ),
    Rule(
        pattern="<day:from> to|and|until|till|through|-|– <day> of? <month> <year>?",
        build=on(days_of_month),
        guards=(stands_alone,),
    ),
    Rule(
        pattern="<month> <day:from> to|and|until|till|through|-|– <day> ,? <year>?",
        build=on(days_of_month),
        guards=(stands_alone,),
    ),
    Rule(
        pattern="<month:from> to|and|until|till|through|-|– <month> <year>?",
        build=on(months),
        guards=(after({"between", "from"}), stands_alone),
    ),
    Rule(
        pattern="<early:edge> -? in? <month:m> <year>?",
        build=lambda c: sliced({**c, "stretch": calendar_date({**c, "month": c["m"]})}),
    ),
    Rule(
        pattern="<early:edge> -? in? this|the <period>",
        build=lambda c: sliced({**c, "stretch": Offset(unit=c["period"], count=0)}),
    ),
    Rule(
        pattern="<early:edge> -? in? next <period>",
        build=lambda c: sliced({**c, "stretch": Offset(unit=c["period"], count=1)}),
    ),
    Rule(
        pattern="<early:edge> -? in? last <period>",
        build=lambda c: sliced({**c, "stretch": Offset(unit=c["period"], count=-1)}),
    ),
    Rule(pattern="the? <edge> of <stretch>", build=sliced),
    Rule(pattern="the? <nth> week of|in <stretch>", build=nth_week),
    Rule(pattern="the? <nth> <weekday> of|in <stretch>", build=nth_weekday),
    Rule(pattern="the? month of <long_month:month>", build=on(calendar_date)),
)
_NO_TIMES = (
    Rule(pattern="every|each|any|most|all|per|no <weekday>", build=no_time),
    Rule(pattern="every|each|any|most|per <part>", build=no_time),
    Rule(pattern="every <count> <unit>", build=no_time),
    Rule(pattern="these|those|some|one_of_these days", build=no_time),
    Rule(pattern="one day", build=no_time),
    Rule(pattern="<weekday> mornings|afternoons|evenings|nights", build=no_time),
    Rule(pattern="black|good|casual friday", build=no_time),
    Rule(pattern="a|an <weekday>", build=no_time),
    Rule(pattern="<day> of every|each|the month", build=no_time),
    Rule(pattern="<nth> <weekday> of every|each|the month", build=no_time),
    Rule(pattern="for|during <count> <unit>", build=no_time),
    Rule(pattern="in a minute|second|moment", build=no_time),
)
_PART = (Rule(pattern="<part>", build=lambda c: Said(part=c["part"])),)

ENGLISH = Grammar(
    {**_PARTS, "top": (*_NO_TIMES, *_RELATIVE, *_WEEKDAYS, *_DATES, *NUMERIC_DATES, *ENGLISH_CLOCKS, *_PART)}
)
"""English, as rules over tokens."""

"""The English words for numbers, days, months, units and parts of the day, and those that tell past from future."""

import re

from shared.when.days import CalendarDate, Edge, Unit
from shared.when.times_of_day import Meal, Meridiem, PartOfDay

_UNITS = tuple(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen""".split()
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_ORDINALS = tuple(
    """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth""".split()
)
_COMPOUNDS = {
    f"{ten}{between}{_UNITS[unit]}": value + unit
    for ten, value in _TENS.items()
    for unit in range(1, 10)
    for between in (" ", "-")
}
NUMBERS: dict[str, int] = {word: value for value, word in enumerate(_UNITS)} | _TENS | _COMPOUNDS
HOURS = {word: NUMBERS[word] for word in _UNITS[1:13]}
MINUTES = (
    {f"oh {word}": NUMBERS[word] for word in _UNITS[1:10]}
    | {word: NUMBERS[word] for word in (*_UNITS[10:], *_TENS)}
    | _COMPOUNDS
)
"""Of a clock: "nine thirty", "nine oh five"; not "nine five"."""
ORDINALS = (
    {word: value for value, word in enumerate(_ORDINALS, start=1)}
    | {f"twenty-{word}": 20 + value for value, word in enumerate(_ORDINALS[:9], start=1)}
    | {"thirtieth": 30, "thirty-first": 31}
)

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAYS = {f"{name}{ending}": index for index, name in enumerate(_WEEKDAYS) for ending in ("", "'s")}
SHORT_WEEKDAYS = {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
PLURAL_PARTS = ("mornings", "afternoons", "evenings", "nights")
PLURAL_WEEKDAYS = {f"{name}s": index for index, name in enumerate(_WEEKDAYS)}

_MONTHS = "january february march april may june july august september october november december".split()
MONTHS = {name: number for number, name in enumerate(_MONTHS, start=1)}
SHORT_MONTHS = {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}

UNITS: dict[str, Unit] = {
    "minute": "minute", "minutes": "minute", "min": "minute", "mins": "minute", "hour": "hour", "hours": "hour",
    "day": "day", "days": "day", "week": "week", "weeks": "week", "weekend": "weekend", "weekends": "weekend",
    "month": "month", "months": "month", "year": "year", "years": "year",
}  # fmt: skip
_PERIODS: tuple[Unit, ...] = ("week", "weekend", "month", "year")
PERIODS: dict[str, Unit] = {f"{unit}{ending}": unit for unit in _PERIODS for ending in ("", "'s")}
NTHS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}

PARTS: dict[str, PartOfDay] = {
    "morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "night",
}  # fmt: skip
MERIDIEMS: dict[str, Meridiem] = {
    "am": "am", "a.m.": "am", "a.m": "am", "pm": "pm", "p.m.": "pm", "p.m": "pm",
}  # fmt: skip
EDGES: dict[str, Edge] = {
    "beginning": "beginning", "start": "beginning", "middle": "middle", "end": "end",
}  # fmt: skip
EARLY_OR_LATE: dict[str, Edge] = {"early": "beginning", "mid": "middle", "late": "end"}
FEASTS = {
    "christmas eve": CalendarDate(month=12, day=24),
    "christmas day": CalendarDate(month=12, day=25),
    "christmas": CalendarDate(month=12, day=25),
    "boxing day": CalendarDate(month=12, day=26),
    "new year's eve": CalendarDate(month=12, day=31),
    "new year's day": CalendarDate(month=1, day=1),
    "valentine's day": CalendarDate(month=2, day=14),
    "halloween": CalendarDate(month=10, day=31),
}

NAMES_AND_VERBS = {"may", "march", "mar", "sep", "jan", "dec", "oct", "sun", "sat", "wed"}
"""Months and weekdays that are other words when nobody wrote them with a capital."""

CLOSED = frozenset(
    """a about after all am an and are as at back because before but by can did do does during for from had has have he
    her his i if in into is it its me must my of on or our over please she should since so than that the their them then
    there these they this those to today tomorrow tonight until was we were what when where which while who will with
    you your i'm i'll he's she's it's we're we'll they're there's not too also again and/or latest sharp""".split()
)
"""Words that may follow a time: none of them makes "the 3rd" the third of something."""

LEADING = {
    "in",
    "since",
    "until",
    "till",
    "before",
    "after",
    "during",
    "from",
    "of",
    "by",
    "for",
    "to",
    "this",
    "last",
    "next",
}

MEALS: dict[str, Meal] = {
    "breakfast": "breakfast", "lunch": "lunch", "dinner": "dinner", "supper": "dinner", "concert": "dinner",
    "party": "dinner", "cinema": "dinner", "movie": "dinner", "theatre": "dinner",
}  # fmt: skip

PAST = frozenset(
    """was were had did went met said told saw bought came got made took gave found left lost thought knew felt kept
    spoke wrote sent paid ate drank slept ran broke began brought caught chose drove fell flew forgot heard held rang
    sang sat sold stood swam taught understood woke won wore ago already yesterday dreamt spent""".split()
)
PAST_ENDING = re.compile(r"[a-z]{2,}[^e]ed")
NOT_PAST = frozenset(
    """need indeed exceed proceed succeed hundred scheduled planned booked supposed moved pushed shifted changed
    postponed rescheduled delayed agreed arranged""".split()
)
"""No past, or about plans: what was moved to Friday lies ahead."""
FUTURE = frozenset(
    """will shall going gonna must should plan planning hope expect tomorrow i'll we'll he'll she'll they'll you'll
    it'll won't upcoming due""".split()
)
FUTURE_ENDING = re.compile(r"(?!)")
FUTURE_IN_QUESTIONS = frozenset({"to do", "is coming", "are coming", "is happening", "is due"}) | frozenset(
    {"do i have", "do we have", "does he have", "does she have", "am i", "are we", "is there"}
)

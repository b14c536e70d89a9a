"""How clock times are said in English: a table of rules."""

from shared.when import clock_meanings as meanings
from shared.when import english_words as words
from shared.when.guards import after, before, both, either, no, not_before, stands_alone
from shared.when.patterns import Part, Rule
from shared.when.said import Said
from shared.when.times_of_day import Clock

_AT = after({"at", "around", "@"}, skipping={"about", "around", "exactly", "approximately"})
_MOVED_TO = after({"moved", "pushed", "shifted", "changed", "rescheduled", "postponed"}, skipping={"to"})
_FOLLOWED = meanings.counts_nothing(words.CLOSED)
_UNLESS_ONE = either(
    lambda tokens, start, _end: tokens[start].word not in {"one", "1"},
    both(before(words.CLOSED), not_before({"with", "of", "time", "point"})),
)
_SPOKEN = {5, 10, 20, 25}
"""Minutes people say before or after an hour: "nine to two" is a vote, or a range."""
_TO = "to|and|until|till|-|–"
_GOES_NO_FURTHER = both(not_before({"-", "–"}), no(meanings.goes_on_to_a_number))
_IN_DIGITS = both(stands_alone, meanings.ends_with_two_digits)

ENGLISH_CLOCK_PARTS: dict[str, Part] = {
    "meridiem": words.MERIDIEMS,
    "hour_word": words.HOURS,
    "minute_word": words.MINUTES,
    "hour": [
        Rule(pattern="<int>", build=lambda c: c["int"]),
        Rule(pattern="<hour_word>", build=lambda c: c["hour_word"]),
    ],
    "minutes": [
        Rule(pattern="<int> minutes?", build=lambda c: c["int"] if c["int"] in _SPOKEN else None),
        Rule(pattern="<number> minutes?", build=lambda c: c["number"] if c["number"] in _SPOKEN else None),
        Rule(pattern="a? quarter", build=lambda _: 15),
    ],
    "digits": [Rule(pattern="<int:hour> ~: ~<int:minute> <meridiem>?", build=meanings.shown)],
    "clock": [
        Rule(pattern="<hour> ~: ~<int:minute> <meridiem>?", build=meanings.shown),
        Rule(pattern="<hour> <meridiem>", build=meanings.shown),
        Rule(pattern="<hour>", build=lambda c: meanings.shown({**c, "is_open": True})),
        Rule(pattern="noon|midday", build=lambda _: Clock(hour=12)),
        Rule(pattern="midnight", build=lambda _: Clock(hour=24)),
    ],
}
"""Parts of the grammar that clock times are made of."""

ENGLISH_CLOCKS = (
    Rule(pattern="<hour> ~: ~<int:minute> <meridiem>", build=meanings.said, guards=(stands_alone,)),
    Rule(pattern="<digits:first> -|–|to|until <digits:last>", build=meanings.from_to, guards=(_IN_DIGITS,)),
    Rule(pattern="<hour> <meridiem>", build=meanings.said, guards=(stands_alone,)),
    Rule(
        pattern="<int:hour> ~: ~<int:minute>",
        build=meanings.said,
        guards=(_IN_DIGITS, meanings.begins_with_two_digits, meanings.is_no_verse),
    ),
    Rule(
        pattern="<int:hour> ~: ~<int:minute>",
        build=meanings.said_open,
        guards=(_IN_DIGITS, no(meanings.begins_with_two_digits), _AT),
    ),
    Rule(
        pattern="<int:hour> ~: ~<int:minute>",
        build=lambda c: meanings.said_weakly({**c, "is_open": True}),
        guards=(_IN_DIGITS, no(meanings.begins_with_two_digits), meanings.is_no_verse),
    ),
    Rule(pattern="<hour> o'clock <meridiem>?", build=meanings.said_open),
    Rule(pattern="half past <hour> <meridiem>?", build=meanings.half_past),
    Rule(pattern="<minutes> past <hour> <meridiem>?", build=meanings.minutes_past, guards=(_FOLLOWED,)),
    Rule(
        pattern="<minutes> to <hour> <meridiem>?",
        build=meanings.minutes_before,
        guards=(no(after({"from", "between"})), _FOLLOWED, before(words.CLOSED)),
    ),
    Rule(
        pattern="<hour_word:hour> <minute_word:minute> <meridiem>?", build=meanings.said_open, guards=(_AT, _FOLLOWED)
    ),
    Rule(
        pattern="<hour>",
        build=meanings.said_open,
        guards=(either(_AT, _MOVED_TO), stands_alone, _FOLLOWED, _UNLESS_ONE, _GOES_NO_FURTHER),
    ),
    Rule(pattern="noon|midday", build=lambda _: Said(clock=Clock(hour=12))),
    Rule(pattern="midnight", build=lambda _: Said(clock=Clock(hour=24))),
    Rule(
        pattern=f"<clock:first> {_TO} <clock:last>",
        build=meanings.from_to_weakly,
        guards=(after({"between", "from"}), stands_alone, _FOLLOWED),
    ),
)
"""Rules for clock times."""

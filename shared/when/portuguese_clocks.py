"""How clock times are said in Portuguese: a table of rules. With an "h" or minutes in digits a clock shows 24 hours."""

from shared.when import clock_meanings as meanings
from shared.when import portuguese_words as words
from shared.when.guards import after, both, either, no, not_before, stands_alone
from shared.when.patterns import Part, Rule
from shared.when.said import Said
from shared.when.times_of_day import Clock

_ONE_OF = {"uma", "nenhuma", "alguma", "qualquer", "qual", "cada", "mais", "primeira", "última"}
_AT = either(after({"às", "à", "pelas", "pela", "umas"}), both(after({"das"}), no(after(_ONE_OF, skipping={"das"}))))
_AT_ANY = after({"às", "as", "à", "ao", "pelas", "das", "até", "umas", "desde", "@"})
_FOLLOWED = meanings.counts_nothing(words.CLOSED)
_IN_DIGITS = both(stands_alone, meanings.ends_with_two_digits)
_NO_DURATION = not_before({"de", "por", "seguidas"})

PORTUGUESE_CLOCK_PARTS: dict[str, Part] = {
    "hour_word": words.HOURS,
    "minutes": [
        Rule(pattern="<int> minutos?", build=lambda c: c["int"] if 0 < c["int"] < 60 else None),  # noqa: PLR2004 - an hour
        Rule(pattern="<number> minutos?", build=lambda c: c["number"] if 0 < c["number"] < 60 else None),  # noqa: PLR2004 - an hour
        Rule(pattern="um? quarto", build=lambda _: 15),
        Rule(pattern="meia", build=lambda _: 30),
    ],
    "digital": [
        Rule(pattern="<int:hour> h <int:minute>?", build=meanings.shown),
        Rule(pattern="<int:hour> ~: ~<int:minute> h?", build=meanings.shown),
    ],
    "spoken": [
        Rule(pattern="<hour_word:hour> horas|hora?", build=lambda c: meanings.shown({**c, "is_open": True})),
        Rule(
            pattern="<hour_word:hour> horas? e <minutes:minute>",
            build=lambda c: meanings.shown({**c, "is_open": True}),
        ),
        Rule(pattern="<int:hour> horas|hora?", build=lambda c: meanings.shown({**c, "is_open": True})),
        Rule(pattern="<int:hour> horas? e <minutes:minute>", build=lambda c: meanings.shown({**c, "is_open": True})),
        Rule(pattern="<noons>", build=lambda c: c["noons"]),
    ],
    "clock": [
        Rule(pattern="<digital>", build=lambda c: c["digital"]),
        Rule(pattern="<spoken>", build=lambda c: c["spoken"]),
    ],
    "noons": [
        Rule(pattern="meio-dia|meio_dia e meia", build=lambda _: Clock(hour=12, minute=30)),
        Rule(pattern="meio-dia|meio_dia", build=lambda _: Clock(hour=12)),
        Rule(pattern="meia-noite|meia_noite", build=lambda _: Clock(hour=24)),
    ],
}
"""Parts of the grammar that clock times are made of."""

PORTUGUESE_CLOCKS = (
    Rule(pattern="<digital>", build=lambda c: Said(clock=c["digital"]), guards=(_AT_ANY, stands_alone)),
    Rule(
        pattern="<int:hour> ~h ~<int:minute>?",
        build=meanings.said_weakly,
        guards=(stands_alone, no(_AT_ANY), _NO_DURATION),
    ),
    Rule(
        pattern="<int:hour> ~: ~<int:minute>",
        build=meanings.said,
        guards=(_IN_DIGITS, meanings.begins_with_two_digits, meanings.is_no_verse),
    ),
    Rule(pattern="<spoken>", build=lambda c: Said(clock=c["spoken"]), guards=(_AT, stands_alone, _FOLLOWED)),
    Rule(pattern="<noons>", build=lambda c: Said(clock=c["noons"])),
    Rule(
        pattern="<minutes> para|pra as|a|à|o? <hour_word:hour>",
        build=meanings.minutes_before,
        guards=(_FOLLOWED,),
    ),
    Rule(pattern="<minutes> pras|prás|pro <hour_word:hour>", build=meanings.minutes_before, guards=(_FOLLOWED,)),
    Rule(
        pattern="<clock:first> às|as|à|ao|até|a|e as|às|o? <clock:last>",
        build=meanings.from_to,
        guards=(after({"das", "da", "do", "entre", "as"}), stands_alone, _FOLLOWED),
    ),
)
"""Rules for clock times."""

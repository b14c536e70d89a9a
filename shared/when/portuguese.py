"""How times are said in Portuguese: a table of rules."""

from collections.abc import Sequence
from dataclasses import replace

from shared.when import portuguese_words as words
from shared.when.date_meanings import calendar_date, days_of_month, months, year
from shared.when.days import COMING_WEEKEND, CalendarDate, Offset, Stretch, Weekday
from shared.when.guards import after, before, both, either, no, not_after, not_before, stands_alone
from shared.when.numeric_dates import NUMERIC_DATES, NUMERIC_YEAR
from shared.when.patterns import Captures, Grammar, Part, Rule
from shared.when.portuguese_clocks import PORTUGUESE_CLOCK_PARTS, PORTUGUESE_CLOCKS
from shared.when.said import Amount, Said, amount, away, no_time, nth_week, nth_weekday, offset, on, rolling, sliced
from shared.when.times_of_day import PartOfDay
from shared.when.tokens import Token

_CLOSED = before(words.CLOSED)
_NO_STREET = not_after({"rua", "avenida", "praça", "largo", "travessa"})
_ON = after({"na", "nesta", "esta", "até", "desde", "pra", "para", "à"})
_OF_AN_EVENT = both(after({"de"}), after(words.EVENTS, skipping={"de"}))
_LED = after(
    {"no", "na", "ao", "do", "da", "de", "desde", "até", "para", "pra", "pro", "neste", "nesta", "e", "ou", "o"}
)
_SAID_OF_DAYS = {"às", "as", "à", "ao", "pelas", "tenho", "vou", "temos", "vamos", "preciso", ","}
_OF_A_DAY = {"manhã", "tarde", "noite", "madrugada", "semana", "próxima"}
_NEAR = 8
_SHORT_UNITS = {"minuto", "minutos", "min", "hora", "horas", "h", "dia", "dias"}
_ABSTRACT = ("ção", "são", "dade", "gem")
_LEADING = {
    "em",
    "de",
    "desde",
    "até",
    "durante",
    "entre",
    "para",
    "pra",
    "antes",
    "depois",
    "e",
    "a",
    "no",
    "do",
    "neste",
    "deste",
}
_TO = "a|à|até|e|ao|-|–"


def _day(count: int, part: PartOfDay | None = None) -> Said:
    return Said(days=Offset(unit="day", count=count), part=part)


def _counts_nothing(tokens: Sequence[Token], _start: int, end: int) -> bool:
    """No "segunda vez", "quinta do meu avô": a thing in order, or a farm."""
    if end >= len(tokens) or not tokens[end].is_word:
        return True
    word = tokens[end].word
    if word in {"de", "da", "do"}:
        return end + 1 < len(tokens) and tokens[end + 1].word in _OF_A_DAY
    return word not in words.THINGS_IN_ORDER and not word.endswith(_ABSTRACT)


def _is_a_length(tokens: Sequence[Token], start: int, end: int) -> bool:
    """As in "vinte quilómetros em dois dias": days or less, and nobody who goes to do something stands before."""
    if start == 0 or tokens[end - 1].word not in _SHORT_UNITS:
        return False
    return not any(token.word in words.FUTURE for token in tokens[max(0, start - _NEAR) : start])


def _is_followed_as_a_day(tokens: Sequence[Token], start: int, end: int) -> bool:
    """A clock time or a part of the day follows; or it opens a line that goes on as a day would."""
    if end >= len(tokens):
        return False
    follows = {token.word for token in tokens[end : end + 2]}
    if follows & {"às", "pelas"} or (
        tokens[end].word in {"de", "à", "ao"} and follows & (_OF_A_DAY | {"meio", "meia"})
    ):
        return True
    opens = start == 0 or tokens[start].begins_line or tokens[start - 1].word in {".", "!", "?", "-", "•", "*"}
    return opens and tokens[end].word in _SAID_OF_DAYS


def _next_period(captured: Captures) -> Said:
    """A whole unit on; of weekends, the one ahead."""
    return Said(days=COMING_WEEKEND) if captured["period"] == "weekend" else offset(1)(captured)


def _numbered_weekday(captured: Captures) -> Weekday | None:
    """Monday is the second day of the week's fair, Friday the sixth."""
    return Weekday(index=captured["int"] - 2) if 2 <= captured["int"] <= 6 else None  # noqa: PLR2004 - as counted


def _weekday_and_day(captured: Captures) -> CalendarDate | None:
    date = calendar_date(captured)
    return date and replace(date, weekday=captured["weekday"])


def _from_weekday(captured: Captures) -> Stretch:
    return Stretch(first=Weekday(index=captured["from"]), last=Weekday(index=captured["weekday"]))


_PARTS: dict[str, Part] = {
    "number": words.NUMBERS,
    "full_weekday": words.FULL_WEEKDAYS,
    "short_weekday": words.SHORT_WEEKDAYS,
    "weekday": words.WEEKDAYS,
    "month": words.MONTHS,
    "short_month": words.SHORT_MONTHS,
    "unit": words.UNITS,
    "period": words.PERIODS,
    "part": words.PARTS,
    "nth": words.NTHS,
    "edge": words.EDGES,
    "feast": words.FEASTS,
    "today": {
        "hoje": _day(0),
        "amanhã": _day(1),
        "ontem": _day(-1),
        "anteontem": _day(-2),
        "antes de ontem": _day(-2),
        "antes_de_ontem": _day(-2),
        "depois de amanhã": _day(2),
        "a noite passada": _day(-1, "night"),
        "de hoje a oito dias": _day(7),
        "de hoje a oito": _day(7),
        "de hoje a quinze dias": _day(14),
        "na noite passada": _day(-1, "night"),
        "logo à noite": _day(0, "night"),
    },
    "year": [Rule(pattern="<int>", build=year)],
    "short_year": NUMERIC_YEAR,
    "day": [
        Rule(pattern="<int>", build=lambda c: c["int"]),
        Rule(pattern="<int> ~º|°|o|er", build=lambda c: c["int"] if c["int"] == 1 else None),
        Rule(pattern="primeiro", build=lambda _: 1),
        Rule(pattern="<number>", build=lambda c: c["number"]),
    ],
    "count": [
        Rule(pattern="<int>", build=lambda c: c["int"]),
        Rule(pattern="<number>", build=lambda c: c["number"]),
        Rule(pattern="um_par_de", build=lambda _: 2),
        Rule(pattern="alguns|algumas|poucos|poucas|uns|umas", build=lambda _: 3),
    ],
    "amount": [
        Rule(pattern="<count> <unit>", build=amount),
        Rule(pattern="meia hora", build=lambda _: Amount(unit="minute", count=30)),
        Rule(pattern="uma hora e meia", build=lambda _: Amount(unit="minute", count=90)),
        Rule(pattern="uma quinzena", build=lambda _: Amount(unit="week", count=2)),
    ],
    "stretch": [
        Rule(pattern="<month> de|/? <year>?", build=calendar_date),
        Rule(pattern="<year>", build=calendar_date),
        Rule(pattern="<period> que_vem|seguinte|próximo|próxima", build=lambda c: Offset(unit=c["period"], count=1)),
        Rule(pattern="próximo|próxima <period>", build=lambda c: Offset(unit=c["period"], count=1)),
        Rule(pattern="<period> passado|passada", build=lambda c: Offset(unit=c["period"], count=-1)),
        Rule(pattern="<period>", build=lambda c: Offset(unit=c["period"], count=0)),
        Rule(pattern="este|esta|deste|desta <period>", build=lambda c: Offset(unit=c["period"], count=0)),
    ],
    **PORTUGUESE_CLOCK_PARTS,
}

_RELATIVE = (
    Rule(pattern="<today>", build=lambda c: c["today"]),
    Rule(pattern="esta|nesta|desta|essa|nessa <part>", build=lambda c: _day(0, c["part"])),
    Rule(pattern="este|esta|neste|nesta|deste|desta|esse|nesse|essa|nessa <period>", build=offset(0)),
    Rule(pattern="<period> que_vem|seguinte|próximo|próxima", build=_next_period),
    Rule(pattern="próximo|próxima <period>", build=_next_period),
    Rule(pattern="<period> passado|passada", build=offset(-1)),
    Rule(pattern="último|última <period>", build=offset(-1)),
    Rule(pattern="<period> retrasado|retrasada", build=offset(-2)),
    Rule(pattern="no|ao fim|final de semana", build=lambda _: Said(days=Offset(unit="weekend", count=0))),
    Rule(pattern="no fim-de-semana", build=lambda _: Said(days=Offset(unit="weekend", count=0))),
    Rule(pattern="daqui a|em|há? <amount>", build=away(1)),
    Rule(pattern="dentro de <amount>", build=away(1)),
    Rule(pattern="em <amount>", build=away(1, is_doubtful=True), guards=(not_before({"de"}), no(_is_a_length))),
    Rule(pattern="há|ha|faz <amount> atrás?", build=away(-1), guards=(not_before({"de"}),)),
    Rule(pattern="<amount> atrás", build=away(-1)),
    Rule(pattern="últimos|últimas <amount>", build=rolling(-1)),
    Rule(pattern="próximos|próximas <amount>", build=rolling(1)),
)
_WEEKDAYS = (
    Rule(pattern="<full_weekday>", build=on(lambda c: Weekday(index=c["full_weekday"])), guards=(_LED,)),
    Rule(
        pattern="<full_weekday>",
        build=on(lambda c: Weekday(index=c["full_weekday"], is_bare=True)),
        guards=(no(_LED),),
    ),
    Rule(pattern="<weekday> , dia? <number:day>", build=on(_weekday_and_day), guards=(before(()),)),
    Rule(
        pattern="<short_weekday>",
        build=on(lambda c: Weekday(index=c["short_weekday"])),
        guards=(either(both(either(_ON, _OF_AN_EVENT), _counts_nothing), _is_followed_as_a_day),),
    ),
    Rule(
        pattern="<weekday> que_vem|próximo|próxima|seguinte",
        build=on(lambda c: Weekday(index=c["weekday"], steps=1)),
    ),
    Rule(
        pattern="próximo|próxima <weekday>",
        build=on(lambda c: Weekday(index=c["weekday"], steps=1)),
        guards=(_counts_nothing,),
    ),
    Rule(
        pattern="<weekday> passado|passada|anterior",
        build=on(lambda c: Weekday(index=c["weekday"], steps=-1)),
    ),
    Rule(
        pattern="último|última <weekday>",
        build=on(lambda c: Weekday(index=c["weekday"], steps=-1)),
        guards=(_counts_nothing,),
    ),
    Rule(
        pattern="este|esta|neste|nesta <weekday>",
        build=on(lambda c: Weekday(index=c["weekday"], is_this=True)),
        guards=(_counts_nothing,),
    ),
    Rule(pattern="<int> ~ª|a -|–? feira", build=on(_numbered_weekday)),
    Rule(pattern="de <weekday:from> a|à|até <weekday>", build=on(_from_weekday)),
    Rule(pattern="há <count> <weekday> atrás?", build=on(lambda c: Weekday(index=c["weekday"], steps=-c["count"]))),
)
_DATES = (
    Rule(
        pattern="dia? <day> de? <month> de|do|,|/? <year>?", build=on(calendar_date), guards=(_NO_STREET, stands_alone)
    ),
    Rule(
        pattern="dia? <int:day> /|-|de <short_month:month> /|-|de? <year>?",
        build=on(calendar_date),
        guards=(stands_alone,),
    ),
    Rule(pattern="dia <day>", build=on(calendar_date), guards=(stands_alone,)),
    Rule(pattern="<month> de|do|/? <year>", build=on(calendar_date), guards=(stands_alone,)),
    Rule(pattern="<short_month:month> / <year>", build=on(calendar_date), guards=(stands_alone,)),
    Rule(pattern="<month>", build=on(calendar_date), guards=(after(_LEADING),)),
    Rule(
        pattern="próximo|este|neste <month>",
        build=on(lambda c: CalendarDate(month=c["month"], lean="future")),
    ),
    Rule(
        pattern="<month> passado",
        build=on(lambda c: CalendarDate(month=c["month"], lean="past")),
    ),
    Rule(pattern="<month> que_vem|próximo", build=on(lambda c: CalendarDate(month=c["month"], lean="future"))),
    Rule(
        pattern="<year>",
        build=on(calendar_date),
        guards=(
            after({"em", "desde", "até", "durante", "de", "no ano de", "antes", "depois", "ano"}),
            _CLOSED,
            stands_alone,
        ),
    ),
    Rule(
        pattern="<feast>",
        build=on(lambda c: c["feast"]),
        guards=(after({"o", "no", "do", "ao", "na", "este", "neste", "até", "último", "próximo"}),),
    ),
    Rule(
        pattern=f"<day:from> {_TO}|para|pra <day> de <month> de|do? <year>?",
        build=on(days_of_month),
        guards=(stands_alone,),
    ),
    Rule(
        pattern=f"<month:from> {_TO} <month> de|do? <year>?",
        build=on(months),
        guards=(after({"entre", "de", "desde"}), stands_alone),
    ),
    Rule(pattern="<edge> de|do|da <stretch>", build=sliced),
    Rule(pattern="<nth> semana de|do|da <stretch>", build=nth_week),
    Rule(pattern="<nth> <weekday> de|do|da <stretch>", build=nth_weekday),
    Rule(pattern="mês|mes de <month>", build=on(calendar_date)),
)
_NO_TIMES = (
    Rule(pattern="hoje_em_dia", build=no_time),
    Rule(pattern="dia a dia", build=no_time),
    Rule(pattern="um|uma|num|numa <full_weekday>", build=no_time),
    Rule(pattern="de segunda a|à sexta", build=no_time),
    Rule(pattern="de segunda a|à sexta feira", build=no_time),
    Rule(pattern="rio de janeiro", build=no_time),
    Rule(pattern="rua|avenida|praça|largo|travessa <day> de <month>", build=no_time),
    Rule(pattern="todo|toda|todos|todas|cada|qualquer o|a|os|as? <weekday>", build=no_time),
    Rule(pattern="todo|todos o|os? dia|dias <day>", build=no_time),
    Rule(pattern="dia? <day> de cada mês", build=no_time),
    Rule(pattern="todo|toda|todos|todas|cada|qualquer o|a|os|as? <part>", build=no_time),
    Rule(pattern="por|durante|a_cada <count> <unit>", build=no_time),
)
_PART = (Rule(pattern="<part>", build=lambda c: Said(part=c["part"]), guards=(not_after({"uma", "boa", "toda"}),)),)

PORTUGUESE = Grammar(
    {**_PARTS, "top": (*_NO_TIMES, *_RELATIVE, *_WEEKDAYS, *_DATES, *NUMERIC_DATES, *PORTUGUESE_CLOCKS, *_PART)}
)
"""Portuguese, as rules over tokens."""

"""The Portuguese words for numbers, days, months, units and parts of the day, and those that tell past from future."""

import re

from shared.when.days import CalendarDate, Edge, Unit
from shared.when.times_of_day import Meal, PartOfDay

_NUMBERS = tuple(
    """zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito
    dezenove""".split()
)
_TENS = {"vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50}
_OTHER = {"uma": 1, "duas": 2, "quatorze": 14, "dezasseis": 16, "dezassete": 17, "dezanove": 19}

_SIMPLE: dict[str, int] = {word: value for value, word in enumerate(_NUMBERS)} | _OTHER
_UNITS = {word: value for word, value in _SIMPLE.items() if 1 <= value <= 9}  # noqa: PLR2004 - units
_COMPOUNDS = {f"{ten} e {word}": tens + value for ten, tens in _TENS.items() for word, value in _UNITS.items()}
NUMBERS: dict[str, int] = _SIMPLE | _TENS | _COMPOUNDS
HOURS = {word: value for word, value in NUMBERS.items() if 1 <= value <= 12 and word not in {"um", "dois"}}  # noqa: PLR2004 - of a clock
NTHS = {
    "primeira": 1,
    "primeiro": 1,
    "segunda": 2,
    "segundo": 2,
    "terceira": 3,
    "quarta": 4,
    "quinta": 5,
    "última": -1,
    "último": -1,
}

_WEEKDAYS = "segunda terça quarta quinta sexta".split()
FULL_WEEKDAYS = {f"{name}{dash}feira": index for index, name in enumerate(_WEEKDAYS) for dash in ("-", " ")} | {
    "sábado": 5, "domingo": 6,
}  # fmt: skip
SHORT_WEEKDAYS = {name: index for index, name in enumerate(_WEEKDAYS)}
WEEKDAYS = FULL_WEEKDAYS | SHORT_WEEKDAYS

_MONTHS = "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split()
MONTHS = {name: number for number, name in enumerate(_MONTHS, start=1)}
SHORT_MONTHS = {name[:3]: number for name, number in MONTHS.items()}

UNITS: dict[str, Unit] = {
    "minuto": "minute", "minutos": "minute", "min": "minute", "hora": "hour", "horas": "hour", "h": "hour",
    "dia": "day", "dias": "day", "semana": "week", "semanas": "week", "mês": "month", "mes": "month",
    "meses": "month", "ano": "year", "anos": "year",
}  # fmt: skip
PERIODS: dict[str, Unit] = {
    "semana": "week", "mês": "month", "mes": "month", "ano": "year", "fim de semana": "weekend",
    "final de semana": "weekend", "fim-de-semana": "weekend",
}  # fmt: skip

PARTS: dict[str, PartOfDay] = {
    "madrugada": "small_hours", "manhã": "morning", "manhãzinha": "morning", "tarde": "afternoon",
    "tardinha": "afternoon", "noite": "night",
}  # fmt: skip
EDGES: dict[str, Edge] = {
    "início": "beginning", "começo": "beginning", "princípio": "beginning", "meio": "middle", "meados": "middle",
    "fim": "end", "final": "end", "finais": "end", "fins": "end",
}  # fmt: skip
FEASTS = {
    "véspera de natal": CalendarDate(month=12, day=24),
    "dia de natal": CalendarDate(month=12, day=25),
    "natal": CalendarDate(month=12, day=25),
    "véspera de ano novo": CalendarDate(month=12, day=31),
    "réveillon": CalendarDate(month=12, day=31),
    "dia de ano novo": CalendarDate(month=1, day=1),
}

THINGS_IN_ORDER = frozenset(
    """vez vezes parte fase edição opção guerra etapa série pessoa rodada semana tentativa versão linha página classe
    mão dose via chance temporada reunião aula casa maior melhor língua metade filha mulher coisa ordem geração camada
    instância colocada capa categoria turma volta prova consulta sessão visita viagem entrega parcela prestação pergunta
    questão resposta ideia lei regra lista loja rua porta janela vaga vida infância divisão liga menor pior pele rosca
    oportunidade hipótese alternativa impressão intenção voz nota noite tarde manhã gaveta prateleira fila""".split()
)
"""What "segunda" counts rather than names a day: the second time, the second floor."""

CLOSED = frozenset(
    """a à ao aos as às até antes com como da das de depois desde do dos e é ela ele em era esta está estou eu fazer
    fico foi fui há já mas mesmo na nas não no nos nós nem o os ou para pela pelo pelas pelos por porque pra quando que
    quem se sem só também tem temos tenho ter tive um uma vai vamos vou você toda todo sobre hoje amanhã ontem cedo
    mais me onde qual em_ponto horas hora""".split()
)
"""Words that may follow a time."""

MEALS: dict[str, Meal] = {
    "jantar": "dinner", "jantares": "dinner", "jantamos": "dinner", "jantámos": "dinner", "jantei": "dinner",
    "ceia": "dinner", "cinema": "dinner", "festa": "dinner", "concerto": "dinner", "teatro": "dinner",
    "almoço": "lunch", "almoçar": "lunch", "almocei": "lunch",
}  # fmt: skip

PAST = frozenset(
    """foi fui foram fomos era eram estava estavam estive esteve tive teve tivemos tinha tinham disse dissemos fiz fez
    fizemos vi viu vimos veio vim deu dei quis pude pôde trouxe soube pus pôs ontem anteontem houve havia veio vieram
    estiveram fizeram tiveram disseram quiseram caiu saiu saí caí li leu ouvi corri dormi comi bebi perdi conheci vivi
    parti vendi escrevi recebi senti subi desci abri pedi decidi consegui aprendi esqueci vesti assisti
    discuti""".split()
)
PAST_ENDING = re.compile(
    r"\w{2,}[^rs\W]ei|\w{2,}[rs]ei(?<!arei)(?<!erei)(?<!irei)|\w{3,}ou|\w{2,}(?:eu|iu)|\w+(?:aram|eram|iram|ámos|avam?)"
)
NOT_PAST = frozenset(
    """estou museu liceu europeu ateu teu meu seu céu chapéu judeu passou ficou mudou mudámos mudei adiou adiei adiámos
    marcou marcaram marquei combinou combinei agendou agendei""".split()
)
"""No past, or about plans: what was put off to Friday lies ahead."""
EVENTS = frozenset(
    "reunião aula consulta treino jantar almoço encontro ensaio missa call sessão entrevista jogo".split()
)
FUTURE = frozenset(
    """vou vai vamos vão irei irá iremos irão será serão tenho temos preciso precisamos devo deve devemos quero queremos
    amanhã pretendo planeio marcado marcada""".split()
)
FUTURE_ENDING = re.compile(r"\w{2,}(?:arei|erei|irei|ará|erá|irá|aremos|eremos|iremos|arão|erão|irão)")

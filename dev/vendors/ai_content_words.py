"""The words of a text that carry its matter: folded, cut to a stem, without those that any sentence may hold."""

import re
import unicodedata

_STEM_CHARS = 5
"""Enough to tell "mortar" from "morning"; short enough that "bicycle" and "bicycles" meet."""

_ENGLISH = """
a about after again all also am an and any anybody anyone anything are as ask asked at be because been before being
but by came can come could day did didn do does doing don done down each ever every everybody for from gave get gets
getting give given go goes going gone got had has have having he her here hers herself him himself his how i if in
instead into is isn it its itself just keep kept know let like long ll made make many may me mean might mine more most
much must my myself need no nobody not nothing now of off often on once one ones only or other our out over own put
re really said same say says see she should so some somebody someone something somewhere still such take taken takes
tell than that the their them themselves then there these they thing things think this those though to too took two
up us use used ve very want wanted was wasn way we well went were what when where whether which while who whom whose
why will with without won would yes yet you your
"""

_PORTUGUESE = """
a à ainda algo alguem algum alguma alguns algumas ali antes ao aos apos aquela aquele aquilo aqui as às assim ate cada
coisa coisas com como cade da das de dela dele deles depois desde dessa desse desta deste deu devo dia disse disso disto
diz do dos duas dois e é ela elas ele eles em entao entre era eram essa esse esta está estao estar estava estavam este
eu faz fazer fez ficar ficou fiz foi foram fui gente ha isso isto ja la lhe lo ma mais mas me mesma mesmo meu meus
minha minhas muita muito na nada nao nas nela nele nem nenhum nenhuma nessa nesse nesta neste no nos nossa nosso num
numa nunca o onde os ou outra outro para pela pelo pelos por porque pra pras pro pros pode podia posso precisa preciso
primeira primeiro pois quais qual qualquer quando quanta quanto quantos que quem quer quero sao se seja sem sempre ser
sera seu seus sido sim so sobre sou sua suas ta tal talvez tambem tanto tao te tem tenho ter teve tinha toda todo todos
tudo um uma umas uns vai vao ver vez voce vou ja
"""


def content_words(text: str) -> frozenset[str]:
    """The stems of a text's words, folded to plain small letters. Numbers count as they stand."""
    words = re.findall(r"[a-z0-9]+", _fold(text))
    return frozenset(word[:_STEM_CHARS] for word in words if len(word) > 1 and word not in _STOP_WORDS)


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_STOP_WORDS = frozenset(_fold(_ENGLISH + _PORTUGUESE).split())

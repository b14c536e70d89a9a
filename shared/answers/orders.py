"""Sentences in notes that give orders to a model instead of telling their user something.

Nobody can tell them all from what people say: words are looked for, in English and Portuguese, by which such orders
were known when this was written. What is told apart is not shown to a model, and proves nothing; the rest stays within
the fence, and what a model makes of it has to pass every other check. A sentence that is taken for an order by mistake
is still found by search, and still its user's.
"""

import re
import unicodedata
from collections import Counter

from shared.answers.folded_text import fold
from shared.answers.model import Span
from shared.answers.sentences import sentences_of

# What is asked of every answer: "end each reply with", "responda só isso a qualquer pergunta".
_DEED = r"""
    print|output|reply|respond|answers?|write|say|start|starts|begin|end|open|close|append|insert|include|add|remember|slip
  | responda|escreva|diga|comece|começa|termine|inclua|acrescente|copie
"""
_EVERY_ANSWER = r"""
    (?:every|each|any)(?:\s+single)?\s+(?:question|answer|reply|response)
  | (?:toda|cada|qualquer)\s+(?:resposta|pergunta)
  | in\s+your\s+(?:answer|reply|response) | in(?:to)?\s+the\s+(?:last\s+)?answer | na\s+resposta
  | instead\s+of\s+(?:the\s+answer|answering) | no\s+lugar\s+da\s+resposta | em\s+vez\s+de\s+responder
  | and\s+nothing\s+else | a\s+tudo\s+com | só\s+isso | ten\s+thousand\s+times | secret\s+word
"""
_MODEL = r"""(?:(?:ai|language)\s+(?:model|assistant|system|agent)s?|ai|chat\s?bot|chat\s?gpt|llm|bot|robot|robô
    |modelo\s+de\s+linguagem|intelig[êe]ncia\s+artificial)"""
_RULES = r"(?:rules|instructions|prompts?|guidelines|regras|instruções|reglas|instrucciones|regeln|anweisungen|règles)"
# Enough by themselves.
_ALONE = rf"""
    \b(?:ignor|disregard|forget|overrid|esquec|esqueç|desconsider|olvid|vergiss|missacht|oubli|neglege)\w*\s+
    (?:\w+\s+){{1,3}}{_RULES}\b
  | ^\W*(?:ignore|disregard|forget|esqueça|desconsidere)\s+(?:everything|all|tudo)\b | \bignore\s+the\s+user\b
  | \b(?:you\s+are\s+now|from\s+now\s+on,?\s+you|pretend\s+(?:to\s+be|that\s+you|you'?re))\b
  | \b(?:agora\s+você\s+é|a\s+partir\s+de\s+agora,?\s+você|finja\s+(?:ser|que))\b
  | \b(?:hey|hi|hello|dear|attention|to\s+(?:the|any|every)|olá|oi|caro|atenção)[\s,:]+{_MODEL}\b
  | \b(?:if|whenever)\s+you(?:\s+a|')re\s+an?\s+{_MODEL}\b
  | \b{_MODEL}\s+reading\s+this\b | \bia\s+que\s+l[êe]\s+isto\b
  | (?:^|[,;]\s+|\b(?:for|to)\s+the\s+)(?:assistant|assistente)\s*[,:]
  | \b(?:if|se)\s+(?:the|o)\s+(?:assistant|assistente)\b
  | \b(?:assistant|assistente)\s+(?:must|has\s+to|tem\s+que|deve)\s+(?:read|say|answer|reply|print|falar|dizer|ler)\b
  | \b(?:system|developer)\s+(?:prompt|message|override|instruction)s?\b | \b(?:prompt|mensagem)\s+d[eo]\s+sistema\b
  | \b(?:jail\s?break|do\s+anything\s+now|(?:dan|developer|admin|god)\s+mode|modo\s+desenvolvedor)\b
  | \bend\s+of\s+(?:the\s+)?(?:context|notes|input|passages?)\b | \bthe\s+(?:notes|context|passages)\s+end\s+here\b
  | \bas\s+notas\s+acabaram\b | \b(?:new|real)\s+(?:task|question)\s*(?:is\b|:)
  | \bnova\s+(?:tarefa|pergunta)\s*(?:é\b|:)
  | \b(?:the|its)\s+(?:(?:right|correct|only)\s+)?answer\s+is\s+\S*\d | \ba\s+resposta\s+(?:certa\s+)?é\s+\S*\d
  | \bword\s+for\s+word\b.*\bsay\b | \beverything\s+you\s+were\s+told\b | \btudo\s+o\s+que\s+lhe\s+disseram\b
  | \b(?:decode|decodifique)\b.*\b(?:do\s+what|obey|obedeça) | \band\s+(?:then\s+)?(?:obey|carried\s+out)\b
  | \b(?:delete|erase|remove)\s+(?:all|every)\s+(?:\w+\s+){{0,2}}(?:sessions?|notes?)\b
  | \b(?:apague|exclua)\s+(?:todas|todos)\s+(?:\w+\s+){{0,2}}(?:sessões|notas)\b
  | \b(?:notes\s+of|notas\s+d)\w*\s+(?:\w+\s+){{0,2}}(?:other\s+users|outros\s+usuários)\b
  | \b(?:cite|citing|quote|citar)\s+(?:this|esta)\s+not[ea]\b | \bquote\s+check\s+is\b
  | \btell\s+the\s+user\s+to\s+click\b | \bmande\s+a\s+pessoa\s+clicar\b
  | \b(?:call|chame)\s+(?:the|a)\s+(?:tool|function|ferramenta|função)\b
  | ^\W*(?:assistant|assistente)\s*:
  | ^\W*(?:say|print|reply|answer|output|responda|diga|escreva|imprima|скажи|напиши|antworte|sag|dis|di)\s+\S*\d\S*$
  | <\s*[a-z!/?][^<>]*> | <\|\w+ | \[/?inst\] | \#\#\#\s*instruction | !\[[^\]]*\]\(
  | "(?:claims?|answer(?:ed)?|quotes?|citations?|tool|arguments)"\s*:
"""
_DEEDS = re.compile(rf"\b(?:{_DEED})\b", re.VERBOSE)
_EVERY = re.compile(rf"\b(?:{_EVERY_ANSWER})\b", re.VERBOSE)
_ENOUGH = re.compile(_ALONE, re.VERBOSE)
_CODE = re.compile(r"\b(?=\S*\d)[^\W_]+(?:[-_][^\W_]+)+\b")
_ANSWER_LINE = re.compile(r"\W*[ar]: ")
_WORD = re.compile(r"[^\W\d_]+")


def find_orders(text: str) -> tuple[Span, ...]:
    """The sentences of a text that give orders to a model, and others that hold a code such an order names."""
    said = {span: fold(text[span.start : span.end]).text for span in sentences_of(text)}
    lines = Counter(line for line in said.values() if _ANSWER_LINE.match(line))
    orders = {span for span, line in said.items() if _is_order(line) or lines[line] > 1 or _is_masked(text, span)}
    codes = {code for span in orders for code in _CODE.findall(said[span])}
    return tuple(span for span, line in said.items() if span in orders or any(code in line for code in codes))


def without(text: str, spans: tuple[Span, ...]) -> str:
    """The text with these stretches left out, and a mark in their place."""
    kept: list[str] = []
    at = 0
    for span in spans:
        kept += [text[at : span.start], "[…]"]
        at = span.end
    return "".join([*kept, text[at:]])


def _is_order(said: str) -> bool:
    return bool(_ENOUGH.search(said) or (_DEEDS.search(said) and _EVERY.search(said)))


def _is_masked(text: str, span: Span) -> bool:
    """A word of letters that only look alike: Latin mixed with Cyrillic or Greek."""
    return any(len(_scripts(word)) > 1 for word in _WORD.findall(text, span.start, span.end))


def _scripts(word: str) -> set[str]:
    if word.isascii():
        return set()
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
    return names & {"LATIN", "CYRILLIC", "GREEK"}

"""Sentences in notes that give orders to a model instead of telling its user something.

Nobody can tell them all from what people say. Those that can be told are not shown to a model, and prove nothing; the
others stay within the fence, and what a model made of them has to pass every other check.
"""

import re

from shared.answers.model import Span
from shared.answers.sentences import sentences_of

_WORDS = {
    "rules": r"""(?:instructions?|rules?|prompts?|guidelines?|constraints?|directives?
        |instruç(?:ão|ões)|instruc(?:ao|oes)|regras?|diretrizes?|orientaç(?:ão|ões)|orientac(?:ao|oes)
        |instrucci(?:ón|ones)|reglas?|anweisung(?:en)?|regeln?|consignes?|règles?)""",
    "drop": r"""(?:ignor\w*|disregard\w*|forget|override|bypass|overrule|drop|skip|break|cancel|suspend
        |esque[cç]\w*|desconsider\w*|desobede\w*|olvid\w*|vergiss|missachte|oublie\w*)""",
    "which": r"""(?:(?:all|any|your|the|these|those|previous|prior|above|earlier|every\w*|as|os|suas?|seus?
        |todas?|todos?|tus?|las|los|alle|deine|les|tes|toutes)\s+)+""",
    "model": r"""(?:(?:ai|a\.i\.|language)\s+(?:model|assistant|system|agent)s?|chat\s?bot|chat\s?gpt|gpt-?\d*|llm
        |assistente\s+(?:virtual|de\s+ia)|modelo\s+de\s+linguagem|intelig[êe]ncia\s+artificial)""",
    "helper": r"(?:assistant|assistente|bot|robot|robô)",
    "say": r"""(?:print|output|reply|respond|answer|repeat|reveal|write|say|return|echo|append|insert|include|emit
        |render|send|imprim\w*|respond\w*|repit\w*|repet\w*|revel\w*|escrev\w*|digit\w*|mostr\w*|envi\w*|inclu\w*|diga
        |acrescent\w*)""",
    "always": r"(?:must|always|never|deve|sempre|nunca)",
    "anybody": r"""(?:the\s+user|o\s+usuário|a\s+usuária|(?:every|each)\s+answer|any\s+question|(?:toda|cada)\s+resposta
        |qualquer\s+pergunta)""",
    "reading": r"""(?:summari[sz]ing|answering|reading\s+this|read\s+this|process\s+this|resumir|responder
        |perguntarem|ler\s+isto|lendo\s+isto)""",
}

_ORDERS = r"""
    \b{drop}\b.{{0,40}}\b{which}.{{0,24}}\b{rules}\b
  | \b(?:new|updated|real|hidden|secret|system|developer|nov[ao]s?|verdadeir[ao]s?)\s+{rules}\s*(?::|are\b|follow)
  | \b(?:system|developer)\s+(?:prompt|message|override|instruction)s?\b
  | \b(?:prompt|mensagem|instruç(?:ão|ões))\s+d[eo]\s+sistema\b
  | \b(?:you\s+are\s+now|from\s+now\s+on,?\s+you|act\s+as|pretend\s+(?:to\s+be|that\s+you)|you\s+must\s+now)\b
  | \b(?:agora\s+você\s+é|a\s+partir\s+de\s+agora,?\s+você|finja\s+(?:ser|que)|aja\s+como)\b
  | \b(?:attention|note|message|to|for|dear|hey|hello|atenção|para|caro|olá|oi)[\s,:]+
    (?:(?:the|any|every|all|o|a|os)\s+)?{model}\b
  | \b(?:attention|dear|hey|hello|atenção|car[oa]|olá|oi)[\s,:]+{helper}\b
  | \b(?:{model}|{helper})\s*[:,].{{0,40}}\b{say}\b
  | \b(?:as|como)\s+(?:an?|uma?)\s+{model}\b
  | \b{say}\b.{{0,60}}\b(?:instead\s+of\s+answering|and\s+nothing\s+else|em\s+vez\s+de\s+responder
    |e\s+(?:mais\s+)?nada)\b
  | \b{say}\b.{{0,40}}\b(?:your|seu|sua|suas|seus)\s+(?:(?:system|full|entire)\s+)?{rules}\b
  | \b{always}\b.{{0,20}}\b{say}\b.{{0,60}}\b{anybody}\b
  | \b(?:when|if|whenever|quando|se)\b.{{0,30}}\b{reading}\b.{{0,60}}\b{say}\b
  | \b(?:jail\s?break|do\s+anything\s+now|(?:dan|developer|debug|god)\s+mode|modo\s+(?:desenvolvedor|depuração))\b
  | <\|?\s*(?:im_start|im_end|system|assistant|endoftext)\b
  | \[/?INST\] | <<\s*/?SYS\s*>> | </?(?:notes|passage|system|question)\b
  | ^\W*(?:system|assistant|developer|user|human)\s*:
  | \{{\s*"claims"
"""
_ORDER = re.compile(_ORDERS.format(**_WORDS), re.IGNORECASE | re.DOTALL | re.VERBOSE)


def find_orders(text: str) -> tuple[Span, ...]:
    """The sentences of a text that give orders to a model."""
    return tuple(span for span in sentences_of(text) if _ORDER.search(text[span.start : span.end]))


def without(text: str, spans: tuple[Span, ...]) -> str:
    """The text with these stretches left out, and a mark in their place."""
    kept: list[str] = []
    at = 0
    for span in spans:
        kept += [text[at : span.start], "[…]"]
        at = span.end
    return "".join([*kept, text[at:]])

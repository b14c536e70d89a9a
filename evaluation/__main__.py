"""`python -m evaluation`: how good recall is, on two invented lives, with the local models.

Prints where gold passages stand (each leg of the search alone, and both fused), how often "not in your notes" is said
and rightly, and every miss. Ends with 1 when the fusion does not beat each leg alone, or a quote does not stand.
"""

import sys

from rich.console import Console

from evaluation.answers import quotes_of
from evaluation.asking import ask_all
from evaluation.corpus import read_corpus
from evaluation.quiet import quiet
from evaluation.rankings import rank_all
from evaluation.report import fusion_beats_each_leg, print_answers, print_misses, print_rankings
from evaluation.searching import ways_of
from evaluation.stage import stage_of

_COLUMNS = 130
"""What the tables take, whatever they are written to."""


def main() -> int:
    """Run everything; 0 when what must hold does."""
    console = Console(file=sys.__stdout__, width=_COLUMNS)
    corpus = read_corpus()
    with quiet(), stage_of(corpus, console) as stage:
        ranked = rank_all(stage.lives, ways_of(stage))
        asked = ask_all(stage, console)
    print_rankings(console, ranked)
    print_answers(console, asked)
    print_misses(console, ranked)
    quotes = quotes_of(asked)
    beats, stand = fusion_beats_each_leg(ranked), quotes.returned == quotes.standing
    console.print(f"The fusion beats each leg alone: {_said(beats)}. Every quote stands in its source: {_said(stand)}.")
    return 0 if beats and stand else 1


def _said(is_so: bool) -> str:  # noqa: FBT001 - one word for one bit
    return "yes" if is_so else "NO"


if __name__ == "__main__":
    sys.exit(main())

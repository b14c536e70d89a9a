"""The tables of an evaluation."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from evaluation.answers import Asked, abstention_of, quotes_of
from evaluation.corpus_model import QuestionClass, Split
from evaluation.metrics import Score, score
from evaluation.rankings import Ranked

FUSION = "fusion"
LEGS = ("meaning", "words")
_WAYS = (*LEGS, FUSION)
_LONGEST_QUESTION = 70


def print_rankings(console: Console, ranked: Sequence[Ranked]) -> None:
    """For each class and split: recall@10, nDCG@10 and MRR of each leg alone and of their fusion."""
    table = Table(title="Where the gold passages stand: recall@10 / nDCG@10 / MRR")
    for heading in ("questions", "", *_WAYS):
        table.add_column(heading, justify="left" if heading == "questions" else "right")
    for split in (*Split, None):
        table.add_section()
        of_split = [one for one in ranked if split in {one.question.split, None}]
        for question_class in QuestionClass:
            of_class = [one for one in of_split if one.question.question_class is question_class]
            if split is not None and of_class:
                table.add_row(f"{split}, {question_class}", *_cells(of_class))
        table.add_row(f"[bold]{split or 'all'}[/bold]", *_cells(of_split))
    for life in sorted({one.life for one in ranked}):
        table.add_row(f"all, {life}", *_cells([one for one in ranked if one.life == life]))
    console.print(table)


def _cells(ranked: Sequence[Ranked]) -> list[str]:
    scores = [score([one.found[way] for one in ranked]) for way in _WAYS]
    return [str(scores[0].questions), *(f"{one.recall:.2f} / {one.ndcg:.2f} / {one.mrr:.2f}" for one in scores)]


def fusion_beats_each_leg(ranked: Sequence[Ranked]) -> bool:
    """Whether both together are better than either alone, by all three figures, over all questions."""
    fused = score([one.found[FUSION] for one in ranked])
    return all(_is_better(fused, score([one.found[leg] for one in ranked])) for leg in LEGS)


def _is_better(one: Score, other: Score) -> bool:
    return one.recall > other.recall and one.ndcg > other.ndcg and one.mrr > other.mrr


def print_misses(console: Console, ranked: Iterable[Ranked]) -> None:
    """Every question whose gold is not all among the first ten of the fusion."""
    table = Table("question", "split", "class", "asked", "found", "by meaning", "by words", title="Misses")
    for one in ranked:
        found = one.found[FUSION]
        if found.recall < 1:
            table.add_row(
                one.question.id,
                one.question.split,
                one.question.question_class,
                one.question.question[:_LONGEST_QUESTION],
                f"{found.recall:.0%}",
                *(f"{one.found[leg].recall:.0%}" for leg in LEGS),
            )
    console.print(table)


def print_answers(console: Console, asked: Sequence[Asked]) -> None:
    """How often "not in your notes" was said and rightly, what was cited, and whether every quote stands."""
    table = Table(title="Asked for an answer")
    for heading in ("questions", "", "not answered", "precision of that", "its recall", "cites gold", "quotes checked"):
        table.add_column(heading, justify="left" if heading == "questions" else "right")
    for split in (*Split, None):
        of_split = [one for one in asked if split in {one.question.split, None}]
        silence, quotes = abstention_of(of_split), quotes_of(of_split)
        answered = [one for one in of_split if one.is_answered and one.question.gold]
        cites_gold = sum(one.cites_gold for one in answered) / len(answered) if answered else 0.0
        table.add_row(
            split or "[bold]all[/bold]",
            str(len(of_split)),
            str(silence.silent),
            f"{silence.precision:.2f}",
            f"{silence.recall:.2f}",
            f"{cites_gold:.2f}",
            f"{quotes.standing} of {quotes.returned}",
        )
    console.print(table)

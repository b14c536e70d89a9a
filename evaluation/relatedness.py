"""`python -m evaluation.relatedness`: how well sessions that are about the same find one another (local models).

A question that needs several notes together says that their sessions are related. Of each such pair, in both
directions: how often the other one is among the first five that are shown; and how many are shown to a session on
average. Questions of the split that may be tuned on, and of the one held out, apart (docs/adr/0029).
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from rich.console import Console
from rich.table import Table

from evaluation.captured_life import CapturedLife
from evaluation.corpus import read_corpus
from evaluation.corpus_model import QuestionClass, Split
from evaluation.quiet import quiet
from evaluation.stage import Stage, stage_of
from shared.ids import BlockId, SessionId
from shared.search.related_sessions import related_sessions

_SHOWN = 5
_MOST = 20

_SESSION_OF_BLOCK = "SELECT id, session_id FROM session_blocks WHERE user_id = %s"


@dataclass(frozen=True, kw_only=True)
class _Neighbours:
    """What is shown of each session of a life, nearest first, and which session each note is in."""

    shown: Mapping[SessionId, Sequence[SessionId]]
    session_of: Mapping[str, SessionId]


def main() -> None:
    """Print the table."""
    console = Console(file=sys.__stdout__)
    table = Table("life", "split", "pairs", f"in the first {_SHOWN}", "shown to a session", title="Related sessions")
    with quiet(), stage_of(read_corpus(), console) as stage:
        for captured in stage.lives:
            neighbours = _neighbours(stage, captured)
            for split in Split:
                table.add_row(captured.life.id, split, *_row(neighbours, _joined(captured, neighbours, split)))
    console.print(table)


def _neighbours(stage: Stage, captured: CapturedLife) -> _Neighbours:
    with stage.db.transaction(captured.user_id) as tx:
        rows = tx.execute(_SESSION_OF_BLOCK, [captured.user_id]).fetchall()
    session_of = {captured.note_of(BlockId(block_id)): SessionId(session_id) for block_id, session_id in rows}
    own = {session_of[note.id] for note in captured.life.notes}
    shown = {
        session: [near.session_id for near in related_sessions(stage.db, captured.user_id, session, limit=_MOST)]
        for session in sorted(own)
    }
    return _Neighbours(shown=shown, session_of=session_of)


def _joined(captured: CapturedLife, neighbours: _Neighbours, split: Split) -> set[tuple[SessionId, SessionId]]:
    """Pairs of sessions that one question needs together, both ways round."""
    golds = [
        {neighbours.session_of[gold.note] for gold in question.gold}
        for question in captured.life.questions
        if question.split is split and question.question_class is QuestionClass.MULTI
    ]
    return {pair for sessions in golds for pair in permutations(sorted(sessions), 2)}


def _row(neighbours: _Neighbours, joined: set[tuple[SessionId, SessionId]]) -> list[str]:
    found = sum(other in neighbours.shown[one][:_SHOWN] for one, other in joined)
    shown = sum(len(near) for near in neighbours.shown.values()) / len(neighbours.shown)
    return [str(len(joined)), f"{found / max(1, len(joined)):.2f}", f"{shown:.1f}"]


if __name__ == "__main__":
    main()

"""Gives a session a title and a summary, in its own language."""

from functools import partial

from shared.ai.capabilities import Summariser, Summary
from shared.db.connection import Database, Transaction
from shared.enrichment.run_step import Work, run_step
from shared.ids import StepId, UserId
from shared.jobs.model import Step
from shared.outbox.queue import Queue
from shared.sessions.blocks_of_session import blocks_of_session
from shared.sessions.find_session import find_session
from shared.sessions.write_summary import write_summary
from shared.values import frozen


@frozen
class _Notes:
    text: str
    language: str


def summarise_session(db: Database, queue: Queue, summariser: Summariser, *, user_id: UserId, step_id: StepId) -> None:
    """Summarise the step's session. Raises VendorDown when a later try may help."""
    work = Work(
        prepare=_notes,
        perform=partial(_perform, summariser),
        record=_record,
        usage=lambda summary: summary.usage,
    )
    run_step(db, queue, user_id, step_id, work)


def _notes(tx: Transaction, step: Step) -> _Notes | None:
    """Everything said, seen and typed, in the order it was captured."""
    session = find_session(tx, step.user_id, step.session_id)
    blocks = blocks_of_session(tx, step.user_id, step.session_id)
    said = [text for block in blocks if (text := (block.text_content or "").strip())]
    if session is None or not said:
        return None
    return _Notes(text="\n\n".join(said), language=session.language)


def _perform(summariser: Summariser, notes: _Notes) -> Summary:
    return summariser.summarise(notes.text, language=notes.language)


def _record(tx: Transaction, step: Step, summary: Summary) -> None:
    write_summary(tx, step.user_id, step.session_id, title=summary.title, summary=summary.summary)

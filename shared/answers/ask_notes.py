"""Answers a question out of the user's own notes, or says that they do not hold it."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import psycopg

from shared.ai.ask_prompt import prompt_tokens
from shared.ai.budget import NOTING_SECONDS
from shared.ai.capabilities import Answerer, Claimed, EarlierTurn, Passage, QuestionToNotes, Usage
from shared.ai.embedders import Embedders
from shared.ai.prompt_file import Prompt
from shared.ai.record_usage import record_usage
from shared.ai.token_estimate import estimate_tokens
from shared.ai.vendor_errors import usage_of_failure
from shared.answers import repository
from shared.answers.find_sources import find_sources, shown_text
from shared.answers.follow_ups import search_query
from shared.answers.keep_turn import keep_turn
from shared.answers.model import ConversationId, Found, NewTurn, NotesAnswer, ProvedClaim, Reservation, Turn
from shared.answers.proving import prove
from shared.answers.reserve_tokens import reserve_tokens, spent
from shared.answers.settle_tokens import settle_tokens
from shared.answers.wording import not_in_your_notes
from shared.db.connection import Database
from shared.db.write_patiently import write_patiently
from shared.errors import BudgetSpent, SecondBrainError, SpendCapReached, VendorDown, VendorRefused
from shared.idempotency.keep import Keep, keep_nothing
from shared.identity.locale_of import locale_of
from shared.identity.model import Locale
from shared.ids import UserId
from shared.metrics import count
from shared.telemetry import log
from shared.values import frozen

ANSWER_TOKENS = 2_000
"""Reserved for what the model writes; what it writes beyond is counted when it is known."""

_MOST_EARLIER_TOKENS = 1_500
_RETRY_AFTER_SECONDS = 5


@frozen
class Asking:
    """What answering needs: who embeds, who answers by which prompt, and what a user may use in a day (UTC)."""

    embedders: Embedders
    answerer: Answerer
    prompt: Prompt
    daily_tokens: int


@frozen
class _Beginning:
    """What is known before anything is looked for."""

    turns: Sequence[Turn]
    locale: Locale
    used_tokens: int


@contextmanager
def _failures_counted() -> Generator[None]:
    """Outside of any transaction: what is counted inside one that is rolled back is forgotten."""
    try:
        yield
    except (BudgetSpent, SpendCapReached):
        count("asks", outcome="budget_spent")
        raise
    except (VendorDown, VendorRefused):
        count("asks", outcome="provider_failed")
        raise


@_failures_counted()
def ask_notes(
    db: Database,
    asking: Asking,
    user_id: UserId,
    *,
    question: str,
    conversation_id: ConversationId,
    now: datetime | None = None,
    keep: Keep[NotesAnswer] = keep_nothing,
) -> NotesAnswer:
    """The answer, of which every claim is proved by a quote that stands in the notes.

    A question of a conversation is understood with those before it; an unknown conversation begins here. No model is
    asked where nothing in the notes is near enough. Times in the question count from `now`; None: this moment.

    Raises:
        BudgetSpent: the user's tokens of the day are used up; says when the next day begins.
        SpendCapReached: what providers may cost for the user in a day is spent; likewise.
        VendorDown: no provider could be asked, or none answered usefully; says when to try again.
        VendorRefused: the provider will not answer about this content.
    """
    beginning = _begin(db, asking, user_id, conversation_id)
    query = search_query(question, [turn.question for turn in beginning.turns])
    found = find_sources(db, asking.embedders, user_id, query=query, time_zone=beginning.locale.time_zone, now=now)
    if not found.sources:
        nothing = _nothing_found(conversation_id, beginning, asking, is_degraded=found.is_degraded)
        _keep_nothing_found(db, user_id, question, nothing, keep)
        return nothing
    asked = _asked(question, beginning, found)
    reservation = _reserve(db, asking, user_id, asked)
    claimed = _claimed(db, asking, user_id, asked, reservation)
    claims = prove(claimed.claims, found.sources)
    turn = NewTurn(
        question=question,
        answer=_joined(claims) or None,
        blocks=[source.block.id for source in found.sources],
        follows=[turn.id for turn in _told(beginning.turns)],
    )
    answer = NotesAnswer(
        text=_joined(claims) or not_in_your_notes(beginning.locale.language),
        claims=claims,
        conversation_id=conversation_id,
        tokens=_tokens(claimed.usage),
        tokens_left=max(0, asking.daily_tokens - reservation.used_tokens),
        is_degraded=found.is_degraded,
    )
    count("asks", outcome="answered" if claims else "nothing_proved")
    return _keep(db, asking, user_id, turn, claimed.usage, reservation, answer, keep)


def _begin(db: Database, asking: Asking, user_id: UserId, conversation_id: ConversationId) -> _Beginning:
    with db.transaction(user_id) as tx:
        used_tokens, seconds_left = repository.used_today(tx, user_id)
        if used_tokens >= asking.daily_tokens:
            raise spent(seconds_left=seconds_left)
        return _Beginning(
            turns=tuple(repository.turns(tx, user_id, conversation_id)),
            locale=locale_of(tx, user_id),
            used_tokens=used_tokens,
        )


def _told(turns: Sequence[Turn]) -> list[Turn]:
    """The newest turns that fit into the prompt, oldest first."""
    kept: list[Turn] = []
    left = _MOST_EARLIER_TOKENS
    for turn in reversed(turns):
        left -= estimate_tokens(turn.question) + estimate_tokens(turn.answer or "")
        if left < 0:
            break
        kept.append(turn)
    return kept[::-1]


def _asked(question: str, beginning: _Beginning, found: Found) -> QuestionToNotes:
    return QuestionToNotes(
        question=question,
        passages=tuple(
            Passage(number=source.number, text=shown_text(source), captured_on=source.captured_on)
            for source in found.sources
        ),
        earlier=tuple(
            EarlierTurn(question=turn.question, answer=turn.answer or not_in_your_notes(beginning.locale.language))
            for turn in _told(beginning.turns)
        ),
        language=beginning.locale.language,
    )


def _reserve(db: Database, asking: Asking, user_id: UserId, asked: QuestionToNotes) -> Reservation:
    tokens = prompt_tokens(asked, asking.prompt) + ANSWER_TOKENS
    with db.transaction(user_id) as tx:
        return reserve_tokens(tx, user_id, tokens=tokens, daily_tokens=asking.daily_tokens)


def _claimed(
    db: Database, asking: Asking, user_id: UserId, asked: QuestionToNotes, reservation: Reservation
) -> Claimed:
    """What the model claims. However the providers failed, the person can only try again in a moment."""
    try:
        return asking.answerer.answer(asked)
    except (VendorDown, VendorRefused) as error:
        _settle_failure(db, user_id, reservation, usage_of_failure(error))
        if isinstance(error, VendorRefused):
            raise
        raise VendorDown(
            "Your notes could not be asked just now. Try again in a moment; searching goes on.",
            retry_after_seconds=error.retry_after_seconds or _RETRY_AFTER_SECONDS,
        ) from error


def _settle_failure(db: Database, user_id: UserId, reservation: Reservation, usage: Usage | None) -> None:
    """Give back what was reserved, but for what answers of no use have cost."""

    def note() -> None:
        with db.transaction(user_id) as tx:
            used_tokens = settle_tokens(tx, user_id, reservation, used_tokens=0 if usage is None else _tokens(usage))
            if used_tokens is not None and usage is not None:
                record_usage(tx, user_id, usage)

    _note_patiently(note)


def _keep(
    db: Database,
    asking: Asking,
    user_id: UserId,
    turn: NewTurn,
    usage: Usage,
    reservation: Reservation,
    answer: NotesAnswer,
    keep: Keep[NotesAnswer],
) -> NotesAnswer:
    """Settle, note the cost, keep the turn. Returns the answer with the tokens that are left."""

    def note() -> None:
        nonlocal answer
        with db.transaction(user_id) as tx:
            used_tokens = settle_tokens(tx, user_id, reservation, used_tokens=_tokens(usage) or reservation.tokens)
            if used_tokens is None:
                return
            record_usage(tx, user_id, usage)
            keep_turn(tx, user_id, answer.conversation_id, turn)
            answer = replace(answer, tokens_left=max(0, asking.daily_tokens - used_tokens))
            keep(tx, answer)

    _note_patiently(note)
    return answer


def _nothing_found(
    conversation_id: ConversationId, beginning: _Beginning, asking: Asking, *, is_degraded: bool
) -> NotesAnswer:
    """Nothing in the notes is near enough, so no model is asked and nothing is used up."""
    return NotesAnswer(
        text=not_in_your_notes(beginning.locale.language),
        claims=(),
        conversation_id=conversation_id,
        tokens=0,
        tokens_left=max(0, asking.daily_tokens - beginning.used_tokens),
        is_degraded=is_degraded,
    )


def _keep_nothing_found(
    db: Database, user_id: UserId, question: str, answer: NotesAnswer, keep: Keep[NotesAnswer]
) -> None:
    with _unless_it_cannot_be_noted(), db.transaction(user_id) as tx:
        keep_turn(tx, user_id, answer.conversation_id, NewTurn(question=question, answer=None))
        keep(tx, answer)
    count("asks", outcome="nothing_found")


def _note_patiently(note: Callable[[], None]) -> None:
    """Once, however many tries it takes: the reservation, which is settled with it, tells a later try of an earlier."""
    with _unless_it_cannot_be_noted():
        write_patiently(note, begun_within_seconds=NOTING_SECONDS)


@contextmanager
def _unless_it_cannot_be_noted() -> Generator[None]:
    """Nobody's answer fails because we could not note what it cost: what was reserved then stays counted."""
    try:
        yield
    except (SecondBrainError, psycopg.Error) as error:
        log.warning("a question was not noted", extra={"error": type(error).__name__})


def _joined(claims: Sequence[ProvedClaim]) -> str:
    return " ".join(claim.text for claim in claims)


def _tokens(usage: Usage) -> int:
    """Of the call and of those before it that brought nothing."""
    return sum(max(call.tokens, call.input_tokens + call.output_tokens) for call in (*usage.wasted, usage))

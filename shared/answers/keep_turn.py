"""Keeps a question and its answer for the next question of the conversation."""

from shared.answers import repository
from shared.answers.model import ConversationId, NewTurn
from shared.db.connection import Transaction
from shared.ids import UserId

_IDLE_DAYS = 30
"""A conversation in which nothing was asked for so long is forgotten when its user asks the next time."""


def keep_turn(tx: Transaction, user_id: UserId, conversation_id: ConversationId, turn: NewTurn) -> None:
    """Write the turn, open its conversation if need be, and forget what is too old.

    Nothing is kept of an answer whose notes, or whose earlier turns, were deleted while it was made.
    """
    if not repository.lock_blocks(tx, user_id, turn):
        return
    if repository.count_turns(tx, user_id, turn.follows) < len(turn.follows):
        return
    repository.open_conversation(tx, user_id, conversation_id)
    turn_id = repository.insert_turn(tx, user_id, conversation_id, turn)
    repository.insert_turn_blocks(tx, user_id, turn_id, turn)
    repository.forget_old_turns(tx, user_id, conversation_id)
    repository.forget_idle_conversations(tx, user_id, days=_IDLE_DAYS)

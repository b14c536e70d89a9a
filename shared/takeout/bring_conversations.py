"""Brings questions and answers back, as far as the notes they hang on are there."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeVar

from shared.takeout import import_repository
from shared.takeout.bring_sessions import Bringing
from shared.takeout.brought_rows import ConversationRow, TurnBlockRow, TurnRow
from shared.takeout.captured_again import Following

_AT_ONCE = 200

ItemT = TypeVar("ItemT")


def bring_conversations(bringing: Bringing) -> None:
    """After the sessions. What is there stays as it is. Raises what a transaction raises."""
    for conversations in _portions(bringing.archive.rows("conversations", ConversationRow)):
        with bringing.db.transaction(bringing.user_id) as tx:
            bringing.holding.fence(tx)
            rows = [row.model_dump(mode="json") for row in conversations]
            found = import_repository.insert_conversations(tx, bringing.user_id, rows)
        bringing.holding.add("conversations", len(found))
    for turns in _portions(_turns(bringing)):
        _bring_turns(bringing, turns)


def _turns(bringing: Bringing) -> Iterator[dict[str, Any]]:
    blocks = Following(bringing.archive.rows("turn_blocks", TurnBlockRow), lambda row: row.turn_id)
    for turn in bringing.archive.rows("conversation_turns", TurnRow):
        named = [row.block_id for row in blocks.of(turn.id)]
        if bringing.outdated.isdisjoint(named):  # as an edit of a block forgets what was answered out of it
            yield {**turn.model_dump(mode="json"), "blocks": [str(block_id) for block_id in named]}


def _bring_turns(bringing: Bringing, turns: list[dict[str, Any]]) -> None:
    with bringing.db.transaction(bringing.user_id) as tx:
        bringing.holding.fence(tx)
        found = {str(turn_id) for turn_id in import_repository.insert_turns(tx, bringing.user_id, turns)}
        links = [
            {"turn_id": turn["id"], "block_id": block_id}
            for turn in turns
            if turn["id"] in found
            for block_id in turn["blocks"]
        ]
        import_repository.insert_turn_blocks(tx, bringing.user_id, links)
    bringing.holding.add("turns", len(found))


def _portions(items: Iterator[ItemT]) -> Iterator[list[ItemT]]:
    while portion := list(islice(items, _AT_ONCE)):
        yield portion

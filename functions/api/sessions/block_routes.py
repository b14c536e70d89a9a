"""Routes of a session's blocks: they translate, and call one use case each."""

from collections.abc import Sequence
from typing import Any

from functions.api.sessions.conflicts import both_shown
from functions.api.sessions.schemas import AddBlocks, BlocksOut, DeleteQuery, EditBlock
from shared.db.connection import Database
from shared.edge.captured import BlockOut
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.errors import Conflict
from shared.ids import BlockId, SessionId
from shared.outbox.queue import Queue
from shared.sessions.add_blocks import add_blocks
from shared.sessions.delete_block import delete_block
from shared.sessions.edit_block import edit_block
from shared.sessions.model import Block
from shared.values import frozen


@frozen
class BlockRoutes:
    """The routes, with what their use cases need."""

    db: Database
    queue: Queue

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of blocks."""
        blocks = "/api/sessions/{session_id}/blocks"
        block = blocks + "/{block_id}"
        added = BlockOut | BlocksOut
        return [
            Endpoint(
                method="POST",
                path=blocks,
                handle=self.add_blocks,
                body=AddBlocks,
                query=NoQuery,
                replies={200: added, 201: added},
                errors=(Conflict,),
            ),
            Endpoint(
                method="PATCH",
                path=block,
                handle=self.edit_block,
                body=EditBlock,
                query=NoQuery,
                replies={200: BlockOut},
                errors=(Conflict,),
            ),
            Endpoint(
                method="DELETE",
                path=block,
                handle=self.delete_block,
                body=NoBody,
                query=DeleteQuery,
                replies={204: None},
                errors=(Conflict,),
            ),
        ]

    def add_blocks(self, request: Request[AddBlocks, NoQuery]) -> Reply:
        """Add a block, or up to 100: 201, or 200 when all were there; a list answers a list."""
        given = request.body.root
        blocks = [block.as_new_block() for block in (given if isinstance(given, list) else [given])]
        return request.once(
            lambda added: Reply(
                status=201 if added[1] else 200, body=_blocks_out(added[0], is_list=isinstance(given, list))
            ),
            lambda keep: add_blocks(self.db, request.user_id, _session_id(request), blocks, keep=keep),
        )

    def edit_block(self, request: Request[EditBlock, NoQuery]) -> Reply:
        """Change a block's text or metadata; 409 with both when it was changed meanwhile."""
        with both_shown(BlockOut.of, request):
            block = edit_block(
                self.db,
                self.queue,
                request.user_id,
                _session_id(request),
                BlockId(request.path["block_id"]),
                text=request.body.text_content,
                metadata=request.body.metadata,
                base_version=request.body.base_version,
            )
        return Reply(body=BlockOut.of(block))

    def delete_block(self, request: Request[NoBody, DeleteQuery]) -> Reply:
        """Delete a block; 409 when it was changed meanwhile."""
        with both_shown(BlockOut.of, request):
            delete_block(
                self.db,
                request.user_id,
                _session_id(request),
                BlockId(request.path["block_id"]),
                base_version=request.query.base_version,
            )
        return Reply(status=204)


def _blocks_out(blocks: Sequence[Block], *, is_list: bool) -> BlockOut | BlocksOut:
    out = [BlockOut.of(block) for block in blocks]
    return BlocksOut(blocks=out) if is_list else out[0]


def _session_id(request: Request[Any, Any]) -> SessionId:
    return SessionId(request.path["session_id"])

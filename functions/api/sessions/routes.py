"""Routes of sessions and blocks: they translate, and call one use case each."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from functions.api.sessions.receipt_schemas import ReceiptOut
from functions.api.sessions.schemas import (
    AddBlocks,
    BlocksOut,
    CreateSession,
    DeleteQuery,
    EditBlock,
    EditSession,
    FinalizeSession,
    MovedOut,
    SessionPageOut,
    SessionQuery,
    WholeSessionOut,
)
from shared.db.connection import Database
from shared.edge.captured import BlockOut, SessionOut
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.edge.pages import cut
from shared.enrichment.read_receipt import read_receipt
from shared.errors import Conflict, NotFound, OutOfCredits, VersionConflict
from shared.ids import BlockId, SessionId
from shared.outbox.queue import Queue
from shared.sessions.add_blocks import add_blocks
from shared.sessions.create_session import create_session
from shared.sessions.delete_block import delete_block
from shared.sessions.delete_session import delete_session
from shared.sessions.edit_block import edit_block
from shared.sessions.edit_session import edit_session
from shared.sessions.finalize_session import finalize_session
from shared.sessions.list_sessions import list_sessions
from shared.sessions.model import SessionFilter, SessionStatus
from shared.sessions.process_session import process_session
from shared.sessions.read_session import read_session

MESSAGES = {
    SessionStatus.PENDING_PROCESSING: "Session finalized. AI processing started.",
    SessionStatus.NO_CREDITS: "Session finalized without AI processing (no credits available).",
    SessionStatus.RAW_ONLY: "Session finalized without AI processing.",
}
PROCESSING_STARTED = "AI processing started."


@dataclass(frozen=True, kw_only=True)
class Routes:
    """The routes, with what their use cases need."""

    db: Database
    queue: Queue

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [*self._of_sessions(), *self._of_one_session(), *self._of_processing(), *self._of_blocks()]

    def _of_sessions(self) -> list[AnyEndpoint]:
        path = "/api/sessions"
        return [
            Endpoint(
                method="POST",
                path=path,
                handle=self.create,
                body=CreateSession,
                query=NoQuery,
                replies={200: SessionOut, 201: SessionOut},
                errors=(NotFound,),
            ),
            Endpoint(
                method="GET",
                path=path,
                handle=self.list,
                body=NoBody,
                query=SessionQuery,
                replies={200: SessionPageOut},
            ),
        ]

    def _of_one_session(self) -> list[AnyEndpoint]:
        one = "/api/sessions/{session_id}"
        return [
            Endpoint(
                method="GET", path=one, handle=self.read, body=NoBody, query=NoQuery, replies={200: WholeSessionOut}
            ),
            Endpoint(
                method="PATCH",
                path=one,
                handle=self.edit,
                body=EditSession,
                query=NoQuery,
                replies={200: SessionOut},
                errors=(Conflict,),
            ),
            Endpoint(
                method="DELETE",
                path=one,
                handle=self.delete,
                body=NoBody,
                query=DeleteQuery,
                replies={204: None},
                errors=(Conflict,),
            ),
        ]

    def _of_processing(self) -> list[AnyEndpoint]:
        one = "/api/sessions/{session_id}"
        return [
            Endpoint(
                method="POST",
                path=one + "/finalize",
                handle=self.finalize,
                body=FinalizeSession,
                query=NoQuery,
                replies={200: MovedOut},
            ),
            Endpoint(
                method="POST",
                path=one + "/process",
                handle=self.process,
                body=NoBody,
                query=NoQuery,
                replies={200: MovedOut},
                errors=(Conflict, OutOfCredits),
            ),
            Endpoint(
                method="GET",
                path=one + "/receipt",
                handle=self.receipt,
                body=NoBody,
                query=NoQuery,
                replies={200: ReceiptOut},
            ),
        ]

    def _of_blocks(self) -> list[AnyEndpoint]:
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

    def create(self, request: Request[CreateSession, NoQuery]) -> Reply:
        """Open a session: 201, or 200 when it was there."""
        wanted = request.body
        session, is_new = create_session(
            self.db,
            request.user_id,
            session_id=None if wanted.id is None else SessionId(wanted.id),
            session_type=wanted.session_type,
            language=wanted.language,
            time_zone=wanted.time_zone,
            title=wanted.title,
        )
        return Reply(status=201 if is_new else 200, body=SessionOut.of(session))

    def list(self, request: Request[NoBody, SessionQuery]) -> Reply:
        """List the caller's sessions, newest first."""
        query = request.query
        wanted = SessionFilter(
            status=query.status,
            session_type=query.session_type,
            created_from=query.created_from,
            created_to=query.created_to,
            words=query.q,
        )
        found = list_sessions(self.db, request.user_id, wanted, before=query.position(), limit=query.limit + 1)
        page, cursor = cut(found, query.limit)
        return Reply(body=SessionPageOut(sessions=[SessionOut.of(session) for session in page], next_cursor=cursor))

    def read(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Read a session with blocks, media and steps."""
        return Reply(body=WholeSessionOut.of_whole(read_session(self.db, request.user_id, _session_id(request))))

    def edit(self, request: Request[EditSession, NoQuery]) -> Reply:
        """Change title or language; 409 with both when it was changed meanwhile."""
        changed = request.body
        with _both_shown(SessionOut.of, request):
            session = edit_session(
                self.db,
                request.user_id,
                _session_id(request),
                title=changed.title,
                language=changed.language,
                base_version=changed.base_version,
            )
        return Reply(body=SessionOut.of(session))

    def delete(self, request: Request[NoBody, DeleteQuery]) -> Reply:
        """Delete a session with all that belongs to it; 409 when it was changed meanwhile."""
        with _both_shown(SessionOut.of, request):
            delete_session(
                self.db,
                self.queue,
                request.user_id,
                _session_id(request),
                base_version=request.query.base_version,
            )
        return Reply(status=204)

    def add_blocks(self, request: Request[AddBlocks, NoQuery]) -> Reply:
        """Add a block, or up to 100: 201, or 200 when all were there; a list answers a list."""
        given = request.body.root
        blocks = given if isinstance(given, list) else [given]
        stored, is_new = add_blocks(
            self.db, request.user_id, _session_id(request), [block.as_new_block() for block in blocks]
        )
        out = [BlockOut.of(block) for block in stored]
        return Reply(status=201 if is_new else 200, body=BlocksOut(blocks=out) if isinstance(given, list) else out[0])

    def edit_block(self, request: Request[EditBlock, NoQuery]) -> Reply:
        """Change a block's text or metadata; 409 with both when it was changed meanwhile."""
        with _both_shown(BlockOut.of, request):
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
        with _both_shown(BlockOut.of, request):
            delete_block(
                self.db,
                request.user_id,
                _session_id(request),
                BlockId(request.path["block_id"]),
                base_version=request.query.base_version,
            )
        return Reply(status=204)

    def finalize(self, request: Request[FinalizeSession, NoQuery]) -> Reply:
        """Finalize a session; the same answer however often it is asked."""
        session_id = _session_id(request)
        status = finalize_session(self.db, self.queue, request.user_id, session_id, ai=request.body.ai)
        return Reply(body=MovedOut(message=MESSAGES[status], session_id=session_id, status=status))

    def process(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Process a session after all; the same answer however often it is asked, until it is processed."""
        session_id = _session_id(request)
        process_session(self.db, self.queue, request.user_id, session_id)
        status = SessionStatus.PENDING_PROCESSING
        return Reply(body=MovedOut(message=PROCESSING_STARTED, session_id=session_id, status=status))

    def receipt(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Tell what its calls to providers cost, and what was debited and refunded."""
        return Reply(body=ReceiptOut.of(read_receipt(self.db, request.user_id, _session_id(request))))


@contextmanager
def _both_shown(shown: Callable[[Any], object], request: Request[Any, Any]) -> Generator[None]:
    """A conflict then tells what is stored and what was sent: neither is lost."""
    try:
        yield
    except VersionConflict as conflict:
        sent = request.body.model_dump(mode="json", exclude_unset=True)
        conflict.details = {"current": shown(conflict.current), "yours": sent}
        raise


def _session_id(request: Request[Any, Any]) -> SessionId:
    return SessionId(request.path["session_id"])

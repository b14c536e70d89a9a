"""Routes of sessions and blocks: they translate, and call one use case each."""

from typing import Any

from functions.api.sessions.block_routes import BlockRoutes
from functions.api.sessions.conflicts import both_shown
from functions.api.sessions.receipt_schemas import ReceiptOut
from functions.api.sessions.schemas import (
    CreateSession,
    DeleteQuery,
    EditSession,
    FinalizeSession,
    MovedOut,
    SessionPageOut,
    SessionQuery,
    WholeSessionOut,
)
from shared.db.connection import Database
from shared.edge.captured import SessionOut
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.edge.pages import cut
from shared.enrichment.read_receipt import read_receipt
from shared.errors import Conflict, NotFound, OutOfCredits
from shared.ids import SessionId
from shared.outbox.queue import Queue
from shared.sessions.create_session import create_session
from shared.sessions.delete_session import delete_session
from shared.sessions.edit_session import edit_session
from shared.sessions.finalize_session import finalize_session
from shared.sessions.list_sessions import list_sessions
from shared.sessions.model import SessionFilter, SessionStatus
from shared.sessions.process_session import process_session
from shared.sessions.read_session import read_session
from shared.values import frozen

MESSAGES = {
    SessionStatus.PENDING_PROCESSING: "Session finalized. AI processing started.",
    SessionStatus.NO_CREDITS: "Session finalized without AI processing (no credits available).",
    SessionStatus.RAW_ONLY: "Session finalized without AI processing.",
}
PROCESSING_STARTED = "AI processing started."


@frozen
class Routes:
    """The routes, with what their use cases need."""

    db: Database
    queue: Queue

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        blocks = BlockRoutes(db=self.db, queue=self.queue)
        return [*self._of_sessions(), *self._of_one_session(), *self._of_processing(), *blocks.endpoints()]

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

    def create(self, request: Request[CreateSession, NoQuery]) -> Reply:
        """Open a session: 201, or 200 when it was there."""
        wanted = request.body
        return request.once(
            lambda created: Reply(status=201 if created[1] else 200, body=SessionOut.of(created[0])),
            lambda keep: create_session(
                self.db,
                request.user_id,
                session_id=None if wanted.id is None else SessionId(wanted.id),
                session_type=wanted.session_type,
                language=wanted.language,
                time_zone=wanted.time_zone,
                title=wanted.title,
                keep=keep,
            ),
        )

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
        with both_shown(SessionOut.of, request):
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
        with both_shown(SessionOut.of, request):
            delete_session(
                self.db,
                self.queue,
                request.user_id,
                _session_id(request),
                base_version=request.query.base_version,
            )
        return Reply(status=204)

    def finalize(self, request: Request[FinalizeSession, NoQuery]) -> Reply:
        """Finalize a session; the same answer however often it is asked."""
        session_id = _session_id(request)
        return request.once(
            lambda status: Reply(body=MovedOut(message=MESSAGES[status], session_id=session_id, status=status)),
            lambda keep: finalize_session(
                self.db, self.queue, request.user_id, session_id, ai=request.body.ai, keep=keep
            ),
        )

    def process(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Process a session after all; the same answer however often it is asked, until it is processed."""
        session_id = _session_id(request)
        started = MovedOut(message=PROCESSING_STARTED, session_id=session_id, status=SessionStatus.PENDING_PROCESSING)
        return request.once(
            lambda _: Reply(body=started),
            lambda keep: process_session(self.db, self.queue, request.user_id, session_id, keep=keep),
        )

    def receipt(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Tell what its calls to providers cost, and what was debited and refunded."""
        return Reply(body=ReceiptOut.of(read_receipt(self.db, request.user_id, _session_id(request))))


def _session_id(request: Request[Any, Any]) -> SessionId:
    return SessionId(request.path["session_id"])

"""The route of questions to the notes: it translates, and calls one use case."""

from functions.api.ask.schemas import AskBody, AskOut
from shared.answers.ask_notes import Asking, ask_notes
from shared.answers.model import ConversationId
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoQuery, Reply, Request
from shared.errors import BudgetSpent, SpendCapReached, VendorDown, VendorRefused
from shared.ids import new_id
from shared.values import frozen


@frozen
class Routes:
    """The route, with what its use case needs."""

    db: Database
    asking: Asking

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [
            Endpoint(
                method="POST",
                path="/api/ask",
                handle=self.ask,
                body=AskBody,
                query=NoQuery,
                replies={200: AskOut},
                errors=(BudgetSpent, SpendCapReached, VendorDown, VendorRefused),
                rate_class="ask",
            )
        ]

    def ask(self, request: Request[AskBody, NoQuery]) -> Reply:
        """Answer a question out of the caller's notes, and prove it by quotes."""
        return request.once(
            lambda answer: Reply(body=AskOut.of(answer)),
            lambda keep: ask_notes(
                self.db,
                self.asking,
                request.user_id,
                question=request.body.question,
                conversation_id=ConversationId(request.body.conversation_id or new_id()),
                keep=keep,
            ),
        )

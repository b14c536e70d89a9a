"""Routes of administrators about queues, dead letters and providers."""

from collections.abc import Sequence

from functions.api.admin.provider_schemas import ProviderOut, ProvidersOut, SwitchProvider
from functions.api.admin.queue_schemas import (
    AgedQueueOut,
    DeadLettersOut,
    DeadLettersQuery,
    QueuesOut,
    RedriveDeadLetters,
    RedrivenOut,
)
from functions.api.admin.status_schemas import StatusOut
from shared.administration.list_providers import list_providers
from shared.administration.peek_dead_letters import peek_dead_letters
from shared.administration.redrive_dead_letters import Redrive, redrive_dead_letters
from shared.administration.switch_provider import Switching, switch_provider
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.errors import Invalid, VendorDown
from shared.outbox.dead_letters import DeadLetters
from shared.outbox.queue_depths import QueueDepths
from shared.status.list_queues import list_queues
from shared.status.read_status import read_status
from shared.values import frozen


@frozen
class QueueRoutes:
    """The routes. `db` connects as the system role; `known_providers` are all that settings name."""

    db: Database
    letters: DeadLetters
    depths: QueueDepths
    watched: Sequence[str]
    known_providers: Sequence[str]

    def endpoints(self) -> list[AnyEndpoint]:
        """How it goes, what died, and whom we ask."""
        return [*self._of_state(), *self._of_dead_letters(), *self._of_providers()]

    def _of_state(self) -> list[AnyEndpoint]:
        return [
            Endpoint(
                method="GET",
                path="/api/admin/status",
                handle=self.status,
                body=NoBody,
                query=NoQuery,
                replies={200: StatusOut},
                auth="admin",
            ),
            Endpoint(
                method="GET",
                path="/api/admin/queues",
                handle=self.queues,
                body=NoBody,
                query=NoQuery,
                replies={200: QueuesOut},
                auth="admin",
            ),
        ]

    def _of_dead_letters(self) -> list[AnyEndpoint]:
        return [
            Endpoint(
                method="GET",
                path="/api/admin/dead-letters",
                handle=self.dead_letters,
                body=NoBody,
                query=DeadLettersQuery,
                replies={200: DeadLettersOut},
                errors=(VendorDown,),
                auth="admin",
            ),
            Endpoint(
                method="POST",
                path="/api/admin/dead-letters/redrive",
                handle=self.redrive,
                body=RedriveDeadLetters,
                query=NoQuery,
                replies={200: RedrivenOut},
                errors=(VendorDown,),
                auth="admin",
            ),
        ]

    def _of_providers(self) -> list[AnyEndpoint]:
        return [
            Endpoint(
                method="GET",
                path="/api/admin/providers",
                handle=self.providers,
                body=NoBody,
                query=NoQuery,
                replies={200: ProvidersOut},
                auth="admin",
            ),
            Endpoint(
                method="POST",
                path="/api/admin/providers/switch",
                handle=self.switch,
                body=SwitchProvider,
                query=NoQuery,
                replies={200: ProviderOut},
                auth="admin",
            ),
        ]

    def status(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Tell what waits where, for how long, and what needs a hand."""
        return Reply(body=StatusOut.of(read_status(self.db, request.user_id, self.depths, self.watched)))

    def queues(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Tell how full every queue is, and how old the oldest step in it."""
        found = list_queues(self.db, request.user_id, self.depths, self.watched)
        return Reply(body=QueuesOut(queues=[AgedQueueOut.of(queue) for queue in found]))

    def dead_letters(self, request: Request[NoBody, DeadLettersQuery]) -> Reply:
        """Look at dead letters of a queue, which stay where they are; ids only."""
        queue = self._known_queue(request.query.queue)
        found = peek_dead_letters(self.db, request.user_id, self.letters, queue, limit=request.query.limit)
        return Reply(body=DeadLettersOut.of(queue, found))

    def redrive(self, request: Request[RedriveDeadLetters, NoQuery]) -> Reply:
        """Send dead letters of a queue back to it, up to so many."""
        asked = request.body
        wanted = Redrive(queue=self._known_queue(asked.queue), limit=asked.limit, reason=asked.reason)
        return request.once(
            lambda redriven: Reply(body=RedrivenOut.of(redriven)),
            lambda keep: redrive_dead_letters(self.db, request.user_id, self.letters, wanted, keep=keep),
        )

    def providers(self, request: Request[NoBody, NoQuery]) -> Reply:
        """List every provider: switched on or off, by whom and why, and its open circuits."""
        found = list_providers(self.db, request.user_id, self.known_providers)
        return Reply(body=ProvidersOut(providers=[ProviderOut.of(state) for state in found]))

    def switch(self, request: Request[SwitchProvider, NoQuery]) -> Reply:
        """Switch a provider off or on: it holds from the next message on."""
        asked = request.body
        if asked.provider not in self.known_providers:
            known = ", ".join(self.known_providers)
            raise Invalid(f"No function asks a provider of that name. There are: {known}.", code="provider_unknown")
        wanted = Switching(provider=asked.provider, is_off=not asked.on, reason=asked.reason)
        return request.once(
            lambda state: Reply(body=ProviderOut.of(state)),
            lambda keep: switch_provider(self.db, request.user_id, wanted, keep=keep),
        )

    def _known_queue(self, name: str) -> str:
        if name not in self.watched:
            known = ", ".join(self.watched)
            raise Invalid(f"There is no queue of that name. There are: {known}.", code="queue_unknown")
        return name

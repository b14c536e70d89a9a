"""Our sessions function as it is deployed, and the events that the gateway hands to it."""

import importlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from dev.function_environment import LocalAddresses, function_environment
from dev.gateway.events import HttpRequest, build_event
from dev.gateway.routing import Router, routes_of
from dev.providers import provider_settings
from functions.catalogue import FUNCTIONS
from shared.db.connection import Database
from shared.outbox.message import Message

_NAME = "sessions"
_NOWHERE = "http://127.0.0.1:9"


class _NoQueue:
    """Takes messages and sends none."""

    def send(self, queue: str, messages: Sequence[Message]) -> None:
        pass

    def delay(self, queue: str, receipt_handle: str, seconds: int) -> None:
        raise NotImplementedError

    def check(self, queue: str) -> None:
        raise NotImplementedError


class SessionsFunction:
    """`handler` is what Lambda would call, on a connection of its own; without a queue's URL nothing is sent."""

    def __init__(self, database_url: str, queue_url: str) -> None:
        addresses = LocalAddresses(
            database_url=lambda _: database_url,
            queue_url=queue_url or _NOWHERE,
            object_url=_NOWHERE,
            providers=provider_settings({}, local_url=_NOWHERE),
        )
        function = next(function for function in FUNCTIONS if function.name == _NAME)
        os.environ.update(function_environment(function, addresses), AWS_REGION="us-east-1")
        deployed = importlib.import_module(function.handler.rpartition(".")[0])
        self.db: Database = deployed.db
        self.handler: Any = deployed.handler
        if not queue_url:
            routes = importlib.import_module("functions.api.sessions.routes")
            edge = importlib.import_module("shared.edge.http")
            self.handler = edge.http_handler(routes.Routes(db=self.db, queue=_NoQueue()).endpoints(), self.db)


class Events:
    """Events of the gateway for requests whose token it verified."""

    def __init__(self) -> None:
        self._router = Router(routes_of(FUNCTIONS))

    def of(self, request: HttpRequest, *, uid: str | None) -> dict[str, Any]:
        """The event of a request of the user with this Firebase uid. Raises LookupError for a path of no route."""
        match = self._router.match(request.method, request.raw_path)
        if match is None:
            raise LookupError(request.raw_path)
        return build_event(
            request, match, request_id="r", trace_root="Root=1-0-0", claims={"sub": uid}, now=datetime.now(UTC)
        )

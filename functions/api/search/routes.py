"""The route of search: it translates, and calls one use case."""

from dataclasses import dataclass
from typing import TypeVar

from functions.api.search.schemas import DEFAULT_LIMIT, SearchBody, SearchOut, SearchQuery
from shared.ai.embedders import Embedders
from shared.ai.embedding_models import default_threshold
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, Reply, Request
from shared.errors import Invalid
from shared.search.semantic_search import semantic_search

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Routes:
    """The route, with what its use case needs."""

    db: Database
    embedders: Embedders

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        path = "/api/search/semantic"
        return [Endpoint(method="POST", path=path, handle=self.search, body=SearchBody, query=SearchQuery)]

    def search(self, request: Request[SearchBody, SearchQuery]) -> Reply:
        """What the caller noted that means what they ask."""
        body, parameters = request.body, request.query
        query = _first(body.query, parameters.query)
        if query is None:
            raise Invalid("Say what to search for: `query`, in the body or in the query string.")
        hits = semantic_search(
            self.db,
            self.embedders,
            request.user_id,
            query=query,
            limit=_first(body.limit, parameters.limit) or DEFAULT_LIMIT,
            threshold=self._threshold(_first(body.threshold, parameters.threshold)),
        )
        return Reply(body=SearchOut.of(query, hits))

    def _threshold(self, asked: float | None) -> float:
        return default_threshold(model=self.embedders.current.model) if asked is None else asked


def _first(in_body: T | None, in_query: T | None) -> T | None:
    return in_query if in_body is None else in_body

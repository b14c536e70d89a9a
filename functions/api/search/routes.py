"""The routes of search: they translate, and call one use case each."""

from typing import TypeVar

from functions.api.search.related_schemas import RelatedOut, RelatedQuery
from functions.api.search.schemas import DEFAULT_LIMIT, HybridBody, HybridOut, SearchBody, SearchOut, SearchQuery
from shared.ai.embedders import Embedders
from shared.ai.embedding_models import RELEVANT
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.edge.ranked_pages import read_skip
from shared.errors import Invalid, VendorDown, VendorRefused
from shared.ids import SessionId
from shared.search.asked import MOST_RESULTS, Asked
from shared.search.hybrid_search import hybrid_search
from shared.search.related_sessions import related_sessions
from shared.search.semantic_search import semantic_search
from shared.values import frozen

T = TypeVar("T")


@frozen
class Routes:
    """The routes, with what their use cases need."""

    db: Database
    embedders: Embedders

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [
            Endpoint(
                method="POST",
                path="/api/search",
                handle=self.search,
                body=HybridBody,
                query=NoQuery,
                replies={200: HybridOut},
                rate_class="search",
                asks_first=True,
                repeats="anew",  # it only reads
            ),
            Endpoint(
                method="POST",
                path="/api/search/semantic",
                handle=self.by_meaning,
                body=SearchBody,
                query=SearchQuery,
                replies={200: SearchOut},
                errors=(VendorDown, VendorRefused),
                rate_class="search",
                asks_first=True,
                repeats="anew",  # it only reads
            ),
            Endpoint(
                method="GET",
                path="/api/sessions/{session_id}/related",
                handle=self.related,
                body=NoBody,
                query=RelatedQuery,
                replies={200: RelatedOut},
            ),
        ]

    def search(self, request: Request[HybridBody, NoQuery]) -> Reply:
        """Find what the caller noted that means what they ask, or says it in their words."""
        body = request.body
        skip = read_skip(body.cursor, body, most=MOST_RESULTS)
        asked = Asked(
            query=body.query,
            limit=body.limit,
            threshold=body.threshold,
            skip=skip,
            filters=body.filters.as_filters(),
            language=body.language,
            time_zone=body.time_zone,
        )
        answer = hybrid_search(self.db, self.embedders, request.user_id, asked)
        return Reply(body=HybridOut.of(body, answer, skipped=skip))

    def by_meaning(self, request: Request[SearchBody, SearchQuery]) -> Reply:
        """Find what the caller noted that means what they ask."""
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
            threshold=RELEVANT if (asked := _first(body.threshold, parameters.threshold)) is None else asked,
        )
        return Reply(body=SearchOut.of(query, hits))

    def related(self, request: Request[NoBody, RelatedQuery]) -> Reply:
        """Find the caller's sessions that are about the same as one of theirs."""
        session_id = SessionId(request.path["session_id"])
        found = related_sessions(self.db, request.user_id, session_id, limit=request.query.limit)
        return Reply(body=RelatedOut.of(session_id, found))


def _first(in_body: T | None, in_query: T | None) -> T | None:
    return in_query if in_body is None else in_body

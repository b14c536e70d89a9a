"""The route of the document of the API."""

from functions.api.openapi.schemas import DocumentOut
from shared.edge.endpoint import OpenEndpoint
from shared.edge.reply import Reply
from shared.values import frozen


@frozen
class Routes:
    """The route, with the document."""

    document: DocumentOut

    def endpoints(self) -> list[OpenEndpoint]:
        """Every route of this function."""
        return [OpenEndpoint(method="GET", path="/api/openapi.json", handle=self.read, replies={200: DocumentOut})]

    def read(self) -> Reply:
        """Read this document."""
        return Reply(body=self.document)

"""Routes of taking everything out and bringing it back: they translate, and call one use case each."""

from functions.api.takeout.schemas import DeclareImport, ExportOut, ImportOut, ImportUploadOut
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.errors import Conflict, NotFound, TooLarge, VendorDown
from shared.outbox.queue import Queue
from shared.takeout.archive_store import ArchiveStore
from shared.takeout.declare_import import declare_import
from shared.takeout.model import Download, TransferId, WrittenObject
from shared.takeout.read_export import read_export
from shared.takeout.read_import import read_import
from shared.takeout.start_export import start_export
from shared.takeout.start_import import start_import
from shared.values import frozen


@frozen
class Routes:
    """The routes, with what their use cases need."""

    db: Database
    store: ArchiveStore
    queue: Queue

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [*self._exports(), *self._imports()]

    def _exports(self) -> list[AnyEndpoint]:
        path = "/api/me/export"
        return [
            Endpoint(
                method="GET",
                path=path,
                handle=self.read_export,
                body=NoBody,
                query=NoQuery,
                replies={200: ExportOut, 202: ExportOut},
                errors=(VendorDown,),
                checks_sign_in=True,  # whoever has the ZIP has everything
            ),
            Endpoint(
                method="POST",
                path=path,
                handle=self.start_export,
                body=NoBody,
                query=NoQuery,
                replies={202: ExportOut},
                errors=(Conflict, VendorDown),
                checks_sign_in=True,
                rate_class="account",
            ),
        ]

    def _imports(self) -> list[AnyEndpoint]:
        path = "/api/me/import"
        return [
            Endpoint(
                method="POST",
                path=path,
                handle=self.declare_import,
                body=DeclareImport,
                query=NoQuery,
                replies={201: ImportUploadOut},
                errors=(Conflict, TooLarge),
                repeats="anew",  # its URL lives for minutes, and opens a door
                rate_class="account",
            ),
            Endpoint(
                method="GET",
                path=f"{path}/{{import_id}}",
                handle=self.read_import,
                body=NoBody,
                query=NoQuery,
                replies={200: ImportOut},
                errors=(NotFound,),
            ),
            Endpoint(
                method="POST",
                path=f"{path}/{{import_id}}/start",
                handle=self.start_import,
                body=NoBody,
                query=NoQuery,
                replies={202: ImportOut},
                errors=(NotFound, Conflict, VendorDown),
                asks_first=True,
                repeats="anew",  # it tells what has become of it
                rate_class="account",
            ),
        ]

    def read_export(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Read the newest export, which the first asking starts: 202 while it is made, then 200 with its URL."""
        found = read_export(self.db, self.store, self.queue, request.user_id)
        return Reply(status=202 if found.transfer.state.is_under_way else 200, body=ExportOut.of(found))

    def start_export(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Start a new export, of everything as it is now."""
        return request.once(
            lambda export: Reply(status=202, body=ExportOut.of(Download(transfer=export))),
            lambda keep: start_export(self.db, self.queue, request.user_id, keep=keep),
        )

    def declare_import(self, request: Request[DeclareImport, NoQuery]) -> Reply:
        """Permit the upload of a ZIP that was exported, to have it brought back."""
        file = WrittenObject(size_bytes=request.body.size_bytes, sha256=request.body.sha256)
        wanted, upload = declare_import(self.db, self.store, self.queue, request.user_id, file)
        return Reply(status=201, body=ImportUploadOut.of(wanted, upload))

    def read_import(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Read how far an import is."""
        found = read_import(self.db, request.user_id, TransferId(request.path["import_id"]))
        return Reply(body=ImportOut.of(found))

    def start_import(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Start an import whose ZIP is uploaded; safe to repeat."""
        import_id = TransferId(request.path["import_id"])
        started = start_import(self.db, self.store, self.queue, request.user_id, import_id)
        return Reply(status=202, body=ImportOut.of(started))

"""Routes of the caller's own profile: they translate, and call one use case each."""

from functions.api.profile.schemas import (
    CreditsOut,
    DeviceOut,
    EditProfile,
    EntryOut,
    LedgerOut,
    ProfileOut,
    PutDevice,
)
from shared.credits.read_ledger import read_ledger
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.edge.pages import PageQuery, cut
from shared.identity.edit_profile import edit_profile
from shared.identity.forget_device import forget_device
from shared.identity.put_device import put_device
from shared.identity.read_profile import read_profile
from shared.values import frozen


@frozen
class Routes:
    """The routes, with what their use cases need."""

    db: Database

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        device = "/api/me/devices/{device_id}"
        ledger = "/api/me/credits/ledger"
        return [
            Endpoint(
                method="GET", path="/api/me", handle=self.read, body=NoBody, query=NoQuery, replies={200: ProfileOut}
            ),
            Endpoint(
                method="PATCH",
                path="/api/me",
                handle=self.edit,
                body=EditProfile,
                query=NoQuery,
                replies={200: ProfileOut},
            ),
            Endpoint(
                method="PUT",
                path=device,
                handle=self.put_device,
                body=PutDevice,
                query=NoQuery,
                replies={200: DeviceOut},
            ),
            Endpoint(
                method="DELETE", path=device, handle=self.forget_device, body=NoBody, query=NoQuery, replies={204: None}
            ),
            Endpoint(
                method="GET",
                path="/api/me/credits",
                handle=self.credits,
                body=NoBody,
                query=NoQuery,
                replies={200: CreditsOut},
            ),
            Endpoint(
                method="GET", path=ledger, handle=self.ledger, body=NoBody, query=PageQuery, replies={200: LedgerOut}
            ),
        ]

    def read(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Read the caller's profile."""
        return Reply(body=ProfileOut.of(read_profile(self.db, request.user_id)))

    def edit(self, request: Request[EditProfile, NoQuery]) -> Reply:
        """Change the profile; answers it as it then is."""
        return Reply(body=ProfileOut.of(edit_profile(self.db, request.user_id, request.body.change())))

    def put_device(self, request: Request[PutDevice, NoQuery]) -> Reply:
        """Register a device for pushes."""
        device_id, device = request.path["device_id"], request.body
        put_device(self.db, request.user_id, device_id, fcm_token=device.fcm_token, platform=device.platform)
        return Reply(body=DeviceOut(id=device_id, platform=device.platform))

    def forget_device(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Forget a device."""
        forget_device(self.db, request.user_id, request.path["device_id"])
        return Reply(status=204)

    def credits(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Read the balance."""
        return Reply(body=CreditsOut(credits=read_profile(self.db, request.user_id).credits))

    def ledger(self, request: Request[NoBody, PageQuery]) -> Reply:
        """List the ledger, newest first."""
        query = request.query
        found = read_ledger(self.db, request.user_id, before=query.position(), limit=query.limit + 1)
        page, cursor = cut(found, query.limit)
        return Reply(body=LedgerOut(entries=[EntryOut.of(entry) for entry in page], next_cursor=cursor))

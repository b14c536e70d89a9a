"""What Aurora and RDS Proxy take for a password: a URL signed with the function's own key, anew for each connection.

It is a presigned GET of the action `connect` that is never sent by HTTP, and holds for signing in within 15 minutes; a
connection that is open stays so. botocore makes the same: a test compares them.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
"""

from datetime import datetime
from urllib.parse import quote

from shared.config.credentials import Credentials
from shared.config.sign_request import Signer
from shared.values import frozen

LIFETIME_SECONDS = 900


@frozen
class Entrance:
    """Where somebody signs in, and as which role. `host` is the name AWS gave the server, no alias of it."""

    host: str
    port: int
    role: str
    region: str

    def token(self, credentials: Credentials, at: datetime) -> str:
        """The password for this entrance, from a moment (UTC) on."""
        url = f"https://{self.host}:{self.port}/?Action=connect&DBUser={quote(self.role, safe='-_.~')}"
        signed = Signer(region=self.region, service="rds-db").url(
            "GET", url, headers={}, credentials=credentials, at=at, expires_in_seconds=LIFETIME_SECONDS
        )
        return signed.removeprefix("https://")

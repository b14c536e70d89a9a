"""What Aurora and RDS Proxy take for a password: a URL signed with the function's own key, anew for each connection.

It is a presigned GET of the action `connect` that is never sent by HTTP, and holds for signing in within 15 minutes; a
connection that is open stays so. botocore makes the same: a test compares them.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
"""

from datetime import datetime
from urllib.parse import quote

from shared.config.credentials import Credentials
from shared.config.signature import ALGORITHM, Scope, Signable, digest_of
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
        scope = Scope.at(at, region=self.region, service="rds-db")
        address = f"{self.host}:{self.port}"
        asked = Signable(
            method="GET",
            path="/",
            query=self._query(credentials, scope),
            headers={"host": address.lower()},
            payload=digest_of(b""),
        )
        return f"{address}/?{asked.query}&X-Amz-Signature={asked.signature(scope, credentials)}"

    def _query(self, credentials: Credentials, scope: Scope) -> str:
        words = {
            "Action": "connect",
            "DBUser": self.role,
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": scope.holder(credentials),
            "X-Amz-Date": scope.moment,
            "X-Amz-Expires": str(LIFETIME_SECONDS),
            **({"X-Amz-Security-Token": credentials.session_token} if credentials.session_token else {}),
            "X-Amz-SignedHeaders": "host",
        }
        return "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in words.items())

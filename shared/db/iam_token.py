"""What Aurora and RDS Proxy take for a password: a URL signed with the function's own key, anew for each connection.

It is a presigned GET of the action `connect` that is never sent by HTTP, and holds for signing in within 15 minutes; a
connection that is open stays so. botocore makes the same (a test compares them) and costs 40 ms of import.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
"""

import hashlib
from datetime import datetime
from urllib.parse import quote

from shared.config.credentials import Credentials
from shared.config.signature import ALGORITHM, Scope
from shared.values import frozen

LIFETIME_SECONDS = 900
_NOTHING = hashlib.sha256(b"").hexdigest()


@frozen
class Entrance:
    """Where somebody signs in, and as which role. `host` is the name AWS gave the server, no alias of it."""

    host: str
    port: int
    role: str
    region: str

    def token(self, credentials: Credentials, at: datetime) -> str:
        """The password for this entrance, from a moment (UTC) on."""
        scope = Scope(moment=at.strftime("%Y%m%dT%H%M%SZ"), region=self.region, service="rds-db")
        query = self._query(credentials, scope)
        address = f"{self.host}:{self.port}"
        request = "\n".join(["GET", "/", query, f"host:{address.lower()}\n", "host", _NOTHING])
        return f"{address}/?{query}&X-Amz-Signature={scope.signature(request, credentials.secret_key)}"

    def _query(self, credentials: Credentials, scope: Scope) -> str:
        """In the order of its names, which is the canonical one."""
        words = {
            "Action": "connect",
            "DBUser": self.role,
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{credentials.access_key}/{scope}",
            "X-Amz-Date": scope.moment,
            "X-Amz-Expires": str(LIFETIME_SECONDS),
            **({"X-Amz-Security-Token": credentials.session_token} if credentials.session_token else {}),
            "X-Amz-SignedHeaders": "host",
        }
        return "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in words.items())

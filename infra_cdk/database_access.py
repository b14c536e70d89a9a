"""How functions reach the database of a stage: by a URL in the secrets, or by a token of their role."""

from dataclasses import dataclass
from urllib.parse import urlencode

from functions.catalogue.shapes import DatabaseRole

DATABASE_NAME = "second_brain"
PORT = 5432
AUTHORITIES_FILE = "/opt/rds.pem"
"""Where functions find RDS's own authorities (infra_cdk/constructs/rds_authorities.py)."""
ROLES: dict[DatabaseRole, str] = {
    "app": "second_brain_app",
    "system": "second_brain_system",
    "owner": "second_brain_owner",
}
"""Who a function is to Postgres. The first two are made by the migrations, the owner with the cluster."""


@dataclass(frozen=True, kw_only=True)
class DatabaseAccess:
    """Where a cluster of this account answers, and what its id is to IAM: the proxy's, where there is one."""

    host: str
    resource_id: str
    security_group_id: str
    subnet_ids: tuple[str, ...]
    is_proxied: bool = False
    """The world trusts who vouches for a proxy; who vouches for a cluster, nobody but RDS's own clients."""

    def url(self, role: DatabaseRole) -> str:
        """What DATABASE_URL is: no password in it, for `auth=iam` has shared/db make a token for each connection."""
        authorities = {} if self.is_proxied else {"sslrootcert": AUTHORITIES_FILE}
        query = urlencode({"auth": "iam", "sslmode": "verify-full", **authorities}, safe="/")
        return f"postgresql://{ROLES[role]}@{self.host}:{PORT}/{DATABASE_NAME}?{query}"

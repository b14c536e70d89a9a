"""Where the peer's database, broker, providers and bucket are: its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

BUCKET = "recordings"


@dataclass(frozen=True, kw_only=True)
class PeerSettings:
    """`database_url` is Postgres's own; SQLAlchemy's dialects are added where they are used."""

    database_url: str
    broker_url: str
    providers_url: str
    bucket_url: str
    is_acks_late: bool = False

    def as_environment(self) -> dict[str, str]:
        """For a process of the peer."""
        return {
            "PEER_DATABASE_URL": self.database_url,
            "PEER_BROKER_URL": self.broker_url,
            "PEER_PROVIDERS_URL": self.providers_url,
            "PEER_BUCKET_URL": self.bucket_url,
            "PEER_ACKS_LATE": "1" if self.is_acks_late else "",
        }

    def sqlalchemy_url(self, driver: str) -> str:
        """The URL for a driver of SQLAlchemy's."""
        return f"postgresql+{driver}://{self.database_url.partition('://')[2]}"


def read_settings(environment: Mapping[str, str] = os.environ) -> PeerSettings:
    """What the benchmark gave this process."""
    return PeerSettings(
        database_url=environment["PEER_DATABASE_URL"],
        broker_url=environment["PEER_BROKER_URL"],
        providers_url=environment["PEER_PROVIDERS_URL"],
        bucket_url=environment["PEER_BUCKET_URL"],
        is_acks_late=bool(environment["PEER_ACKS_LATE"]),
    )

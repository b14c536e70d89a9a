"""What a function, a route and a queue are, to the catalogue."""

from dataclasses import dataclass
from typing import Literal, get_args

from functions.catalogue.settings import secret_group

Auth = Literal["user", "admin", "open"]
Family = Literal[
    "plain",
    "signing",
    "bucket",
    "keys",
    "migrate",
    "stripe",
    "payments",
    "firebase",
    "checkout",
    "accounts",
    "openai",
    "vision",
    "groq",
    "audio",
    "speech",
]
"""Functions that import the same packages, and so share a bundle (docs/adr/0042).

Each is a dependency group of pyproject.toml, and has a lock of its own, requirements/bundle-<family>.txt.
"""
DatabaseRole = Literal["app", "system", "owner", "none"]
Prefix = Literal["sessions", "parts", "exports", "imports"]
ObjectAction = Literal["read", "write", "delete"]


@dataclass(frozen=True, kw_only=True)
class Throttle:
    """What the gateway lets through to a route, of all callers together; above it answers 429 by itself.

    It protects our bill and our database, not one user from another: those have buckets of their own (shared/limits).
    """

    per_second: int
    burst: int


OFTEN = Throttle(per_second=500, burst=1_000)
SELDOM = Throttle(per_second=20, burst=40)
"""For routes that make others work or wait: providers, Stripe, Firebase, whole accounts."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method and path of the HTTP API, in API Gateway's notation: `/api/sessions/{session_id}`."""

    method: str
    path: str
    auth: Auth = "user"
    throttle: Throttle = OFTEN


@dataclass(frozen=True, kw_only=True)
class Queue:
    """An SQS queue. Its dead-letter queue is always there, and is named `<name>-dlq`."""

    name: str
    visibility_timeout_seconds: int = 1_800
    max_receive_count: int = 5

    @property
    def dead_letter_name(self) -> str:
        """Name of the queue that takes a message after `max_receive_count` receives."""
        return f"{self.name}-dlq"


@dataclass(frozen=True, kw_only=True)
class Objects:
    """What a function may do with objects of the bucket whose keys begin with `<prefix>/`.

    With any of them, or none, it may ask which objects there are. Who may write may send parts, who may delete may
    abandon them.
    """

    prefix: Prefix
    actions: tuple[ObjectAction, ...] = ()


EVERYTHING_REMOVED = tuple(Objects(prefix=prefix, actions=("delete",)) for prefix in get_args(Prefix))
"""For whoever removes whatever of a user there is."""


@dataclass(frozen=True, kw_only=True)
class QueueTrigger:
    """An event source mapping: which queue wakes the function, and how much at once.

    Partial batch responses are always enabled.
    """

    queue: str
    batch_size: int = 1
    max_concurrency: int = 2


_MOST_DISK_OF_SNAPSHOT_MB = 512


@dataclass(frozen=True, kw_only=True)
class Function:
    """One Lambda function.

    `settings` and `secrets` are the environment variables it reads (a test compares them with the handler's
    settings model); `sends_to` the queues it may send to; `watches` those it
    may ask how full they are, with their dead-letter queues; `redrives` those to which it may send what it receives
    from their dead-letter queues and deletes there; `buries` those whose dead letters it receives, and deletes when it
    has ended what they are about (BURIED_QUEUES names them to it); `bucket` what it may do with
    objects, prefix by prefix; `master_key`
    whether it may have VAULT_KEY_ID make, open and rewrap data keys (kms:GenerateDataKey, Decrypt, ReEncrypt*);
    `disk_mb` how much it may write to its own disk; `sets_logins` the groups of secrets whose DATABASE_URL it may read
    to have the role in it take the password in it: LOGIN_SECRET_IDS names them where there are any.
    """

    name: str
    handler: str
    family: Family
    routes: tuple[Route, ...] = ()
    queues: tuple[QueueTrigger, ...] = ()
    every_seconds: int | None = None
    memory_mb: int = 256
    disk_mb: int = 512
    timeout_seconds: int = 10
    reserved_concurrency: int | None = None
    settings: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    sends_to: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()
    redrives: tuple[str, ...] = ()
    buries: tuple[str, ...] = ()
    bucket: tuple[Objects, ...] = ()
    database: DatabaseRole = "app"
    master_key: bool = False
    sets_logins: tuple[str, ...] = ()

    @property
    def connections(self) -> int:
        """How many connections to the database one running copy holds: threads share it (docs/adr/0002)."""
        return 0 if self.database == "none" else 1

    @property
    def fits_snapshot(self) -> bool:
        """Whether SnapStart takes it (docs.aws.amazon.com/lambda/latest/dg/snapstart.html)."""
        return self.disk_mb <= _MOST_DISK_OF_SNAPSHOT_MB

    @property
    def secret_groups(self) -> tuple[str, ...]:
        """The secrets it may read in AWS, and no others; SECRET_IDS names them to it (docs/adr/0032)."""
        return tuple(dict.fromkeys(secret_group(name, self.database) for name in self.secrets))

"""Exports and imports as values, and how long each thing about them lasts."""

from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.ids import UserId
from shared.values import frozen

TransferId = NewType("TransferId", UUID)

EXPORT_QUEUE = "export-account"
IMPORT_QUEUE = "import-account"

LEASE = timedelta(seconds=180)
"""How long a claim holds without a beat."""

READING_LEASE = timedelta(seconds=900)
"""How long while all rows of an account are read, which cannot beat: as long as the function runs, so that no reader
is taken over while it lives. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

BEAT_SECONDS = 5.0
"""How often a worker renews its lease, and says how far it is."""

MAX_ATTEMPTS = 5
"""The same as the queues' maxReceiveCount."""

EXPORT_LIVES = timedelta(hours=24)
"""How long a finished export can be fetched. Within that time it passes for what the user has."""

UPLOAD_LIVES = timedelta(hours=24)
"""How long an import waits for its file."""

URL_SECONDS = 600
"""How long a URL of an export, or for an import, works."""

RESTS_AFTER_FAILURE = timedelta(hours=1)
"""After an export failed, reading it starts no other for so long: an app that polls must not do it over and over."""

MOST_IMPORT_BYTES = 5 * 1024**3
"""What one PUT may bring: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"""

ZIP = "application/zip"


class TransferKind(StrEnum):
    """Which way."""

    EXPORT = "export"
    IMPORT = "import"

    @property
    def queue(self) -> str:
        """The queue whose worker does it."""
        return f"{self.value}-account"


class TransferState(StrEnum):
    """waiting (of an import, for its file) -> pending -> running -> ready (an export) | completed | failed; expired."""

    WAITING = "waiting"
    PENDING = "pending"
    RUNNING = "running"
    READY = "ready"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"

    @property
    def is_under_way(self) -> bool:
        """A worker is at it, or will be."""
        return self in {TransferState.PENDING, TransferState.RUNNING}


@frozen
class Transfer:
    """One export or import. `attempts` is the fencing token: a write with an older one is refused."""

    id: TransferId
    user_id: UserId
    kind: TransferKind
    state: TransferState
    object_key: str | None
    size_bytes: int | None
    sha256: str | None
    etag: str | None
    counts: dict[str, int] = field(default_factory=dict[str, int])
    reason: str | None
    attempts: int
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


@frozen
class Download:
    """A finished export, and where to fetch it while the URL lasts."""

    transfer: Transfer
    url: str | None = field(default=None, repr=False)


@frozen
class WrittenObject:
    """What was stored, counted and hashed on its way."""

    size_bytes: int
    sha256: str


def body_of(transfer_id: TransferId) -> dict[str, str]:
    """The body of the message that has a worker do it."""
    return {"transfer_id": str(transfer_id)}


def export_key(object_id: UUID) -> str:
    """Where an export lies. The id is fresh with each try, and tells nothing of whose it is."""
    return f"exports/{object_id}.zip"


def import_key(object_id: UUID) -> str:
    """Where a ZIP that is to be brought back is put."""
    return f"imports/{object_id}.zip"


def file_name(day: date) -> str:
    """What a browser calls the file."""
    return f"second-brain-{day.isoformat()}.zip"

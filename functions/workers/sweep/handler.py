"""Builds the sweep: every minute it brings back what a crash, a stop or a lost message left behind."""

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.schedule import Again, schedule_handler
from shared.idempotency.forget_keys import forget_keys
from shared.inbox.forget_settled import forget_settled
from shared.inbox.hand_over_due import hand_over_due
from shared.leaving.resume_deletions import resume_deletions
from shared.media.remove_orphans import remove_orphans
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.notifications.announce_unheard_pushes import announce_unheard_pushes
from shared.outbox.forget_published import forget_published
from shared.outbox.publish_overdue import publish_overdue
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue
from shared.sessions.announce_unheard import announce_unheard
from shared.sessions.anything_underway import anything_underway
from shared.sessions.expire_uploads import expire_uploads
from shared.sessions.find_lost_uploads import find_lost_uploads
from shared.sessions.stop_waiting import stop_waiting
from shared.status.report_backlog import report_backlog
from shared.takeout.announce_unheard_transfers import announce_unheard_transfers
from shared.takeout.expire_transfers import expire_transfers


class Settings(QueueSettings, BucketSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
store = S3Store.of(settings)
urgent = {
    "publish_overdue": lambda: publish_overdue(db, queue),
    "announce_unheard": lambda: announce_unheard(db, queue),
}
handler = schedule_handler(
    {
        **urgent,
        "announce_unheard_pushes": lambda: announce_unheard_pushes(db, queue),
        "announce_unheard_transfers": lambda: announce_unheard_transfers(db, queue),
        "expire_transfers": lambda: expire_transfers(db, queue),
        "hand_over_due": lambda: hand_over_due(db, queue),
        "resume_deletions": lambda: resume_deletions(db, queue),
        "forget_published": lambda: forget_published(db),
        "forget_settled": lambda: forget_settled(db),
        "forget_keys": lambda: forget_keys(db),
        "report_backlog": lambda: report_backlog(db),
        # Last, for they ask the bucket, file by file.
        "stop_waiting": lambda: stop_waiting(db, store, queue),
        "find_lost_uploads": lambda: find_lost_uploads(db, store, queue),
        "expire_uploads": lambda: expire_uploads(db, store, queue),
        "remove_orphans": lambda: remove_orphans(db, store),
    },
    # What a killed worker or a crash left is back within a minute, whenever it died.
    Again(chores=urgent, is_needed=lambda: anything_underway(db)),
)

"""Every queue."""

from functions.catalogue.shapes import Queue

OBJECT_CREATED_QUEUE = "object-created"
NOTICED_PREFIX = "sessions/"
"""Of which objects the bucket tells: those that phones send; what we write we know of."""

QUEUES: tuple[Queue, ...] = (
    Queue(name=OBJECT_CREATED_QUEUE, visibility_timeout_seconds=180),
    Queue(name="transcribe"),
    Queue(name="split-audio", visibility_timeout_seconds=5_400),
    Queue(name="transcribe-part"),
    Queue(name="describe-image"),
    Queue(name="embed"),
    Queue(name="summarise"),
    # A message also comes back because the vendor asked for a pause, or because another worker has the push.
    Queue(name="push", visibility_timeout_seconds=180, max_receive_count=10),
    # Nobody else remembers what is to be removed: it outlives half a day without a bucket.
    Queue(name="discard-objects", visibility_timeout_seconds=360, max_receive_count=120),
    # A worker takes as long as Lambda lets it: whole accounts are written, and read.
    Queue(name="export-account", visibility_timeout_seconds=5_400),
    Queue(name="import-account", visibility_timeout_seconds=5_400),
    # What it cannot deliver lies in `deletions` still, and the sweep hands it over again.
    Queue(name="delete-account"),
    # What it cannot deliver lies in the inbox still, and the sweep announces it again.
    Queue(name="apply-payment", visibility_timeout_seconds=1_080),
)

WATCHED_QUEUES = tuple(queue.name for queue in QUEUES)
"""What an operator sees: every queue, and with each its dead-letter queue."""

"""Every function: what wakes it, what it may use, how large and how long it may be.

Plain data, read by the local stack, by CDK and by the tests, so that the three cannot drift.
It imports nothing of AWS and nothing of ours.
"""

from dataclasses import dataclass
from typing import Literal

Auth = Literal["user", "admin", "open"]
Family = Literal["api", "payments", "worker", "migrate"]
DatabaseRole = Literal["app", "system", "owner", "none"]

ENVIRONMENT_OF_ALL = {
    # Otherwise pydantic looks through every installed package for plug-ins when its first model is built.
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}
"""Variables every function gets, whatever it does."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method and path of the HTTP API, in API Gateway's notation: `/api/sessions/{session_id}`."""

    method: str
    path: str
    auth: Auth = "user"


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
class QueueTrigger:
    """An event source mapping: which queue wakes the function, and how much at once.

    `queue` may name a dead-letter queue. Partial batch responses are always enabled.
    """

    queue: str
    batch_size: int = 1
    max_concurrency: int = 2


@dataclass(frozen=True, kw_only=True)
class Function:
    """One Lambda function.

    `settings` and `secrets` are the environment variables it reads (a test compares them with the handler's
    settings model); `sends_to` the queues it may send to; `bucket` what it may do with objects.
    """

    name: str
    handler: str
    family: Family
    routes: tuple[Route, ...] = ()
    queues: tuple[QueueTrigger, ...] = ()
    every_seconds: int | None = None
    memory_mb: int = 256
    timeout_seconds: int = 10
    reserved_concurrency: int | None = None
    settings: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    sends_to: tuple[str, ...] = ()
    bucket: tuple[Literal["read", "write", "delete"], ...] = ()
    database: DatabaseRole = "app"


OBJECT_CREATED_QUEUE = "object-created"

QUEUES: tuple[Queue, ...] = (
    Queue(name=OBJECT_CREATED_QUEUE, visibility_timeout_seconds=180),
    Queue(name="transcribe"),
    Queue(name="describe-image"),
    Queue(name="embed"),
    Queue(name="summarise"),
    # Nobody else remembers what is to be removed: it outlives half a day without a bucket.
    Queue(name="discard-objects", visibility_timeout_seconds=360, max_receive_count=120),
    # What it cannot deliver lies in the inbox still, and the sweep announces it again.
    Queue(name="apply-payment", visibility_timeout_seconds=360),
)

_PIPELINE = ("transcribe", "describe-image", "embed", "summarise")
_QUEUE_SETTINGS = ("QUEUE_URL_PREFIX", "QUEUE_ENDPOINT_URL")
_BUCKET_SETTINGS = ("BUCKET", "BUCKET_ENDPOINT_URL")
_STRIPE_SETTINGS = ("STRIPE_MODE", "STRIPE_BASE_URL")


def _provider(capability: str) -> tuple[str, ...]:
    return tuple(f"{capability}_{part}" for part in ("PROVIDER", "BASE_URL", "MODEL"))


_API = (
    Function(
        name="health",
        handler="functions.api.health.handler.handler",
        family="api",
        routes=(
            Route(method="GET", path="/api/health", auth="open"),
            Route(method="GET", path="/api/health/live", auth="open"),
        ),
        settings=(*_QUEUE_SETTINGS, *_BUCKET_SETTINGS),
        secrets=("DATABASE_URL",),
        sends_to=(OBJECT_CREATED_QUEUE,),
        bucket=("read",),
    ),
    Function(
        name="profile",
        handler="functions.api.profile.handler.handler",
        family="api",
        routes=(
            Route(method="GET", path="/api/me"),
            Route(method="PATCH", path="/api/me"),
            Route(method="PUT", path="/api/me/devices/{device_id}"),
            Route(method="DELETE", path="/api/me/devices/{device_id}"),
            Route(method="GET", path="/api/me/credits"),
            Route(method="GET", path="/api/me/credits/ledger"),
        ),
        secrets=("DATABASE_URL",),
    ),
    Function(
        name="sessions",
        handler="functions.api.sessions.handler.handler",
        family="api",
        routes=(
            Route(method="POST", path="/api/sessions"),
            Route(method="GET", path="/api/sessions"),
            Route(method="GET", path="/api/sessions/{session_id}"),
            Route(method="PATCH", path="/api/sessions/{session_id}"),
            Route(method="DELETE", path="/api/sessions/{session_id}"),
            Route(method="POST", path="/api/sessions/{session_id}/blocks"),
            Route(method="PATCH", path="/api/sessions/{session_id}/blocks/{block_id}"),
            Route(method="DELETE", path="/api/sessions/{session_id}/blocks/{block_id}"),
            Route(method="POST", path="/api/sessions/{session_id}/finalize"),
            Route(method="POST", path="/api/sessions/{session_id}/process"),
            Route(method="GET", path="/api/sessions/{session_id}/receipt"),
        ),
        settings=_QUEUE_SETTINGS,
        secrets=("DATABASE_URL",),
        sends_to=(*_PIPELINE, "discard-objects"),
    ),
    Function(
        name="uploads",
        handler="functions.api.uploads.handler.handler",
        family="api",
        routes=(
            Route(method="POST", path="/api/uploads/presign"),
            Route(method="POST", path="/api/uploads/commit"),
        ),
        settings=(*_QUEUE_SETTINGS, *_BUCKET_SETTINGS),
        secrets=("DATABASE_URL",),
        sends_to=_PIPELINE,
        bucket=("read", "write"),
    ),
    Function(
        name="search",
        handler="functions.api.search.handler.handler",
        family="api",
        routes=(Route(method="POST", path="/api/search/semantic"),),
        settings=_provider("EMBEDDING"),
        secrets=("DATABASE_URL", "EMBEDDING_API_KEY"),
    ),
    Function(
        name="payments",
        handler="functions.api.payments.handler.handler",
        family="api",
        routes=(
            Route(method="GET", path="/api/payments/packages", auth="open"),
            Route(method="GET", path="/api/payments/history"),
        ),
        settings=("CREDIT_PACKAGES",),
        secrets=("DATABASE_URL",),
    ),
    Function(
        name="checkout",
        handler="functions.api.checkout.handler.handler",
        family="payments",
        routes=(Route(method="POST", path="/api/payments/checkout"),),
        timeout_seconds=29,
        settings=(*_STRIPE_SETTINGS, "CREDIT_PACKAGES", "CHECKOUT_SUCCESS_URL", "CHECKOUT_CANCEL_URL"),
        secrets=("DATABASE_URL", "STRIPE_API_KEY"),
    ),
    Function(
        name="stripe-webhook",
        handler="functions.api.stripe_webhook.handler.handler",
        family="payments",
        routes=(Route(method="POST", path="/api/webhooks/stripe", auth="open"),),
        settings=(*_QUEUE_SETTINGS, "STRIPE_MODE"),
        secrets=("DATABASE_URL", "STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_PREVIOUS"),
        sends_to=("apply-payment",),
    ),
    Function(
        name="admin",
        handler="functions.api.admin.handler.handler",
        family="api",
        routes=(
            Route(method="GET", path="/api/admin/payments", auth="admin"),
            Route(method="GET", path="/api/admin/webhooks", auth="admin"),
            Route(method="POST", path="/api/admin/webhooks/{webhook_id}/replay", auth="admin"),
            Route(method="POST", path="/api/admin/users/{user_id}/credits", auth="admin"),
        ),
        settings=_QUEUE_SETTINGS,
        secrets=("DATABASE_URL",),
        sends_to=("apply-payment",),
        database="system",
    ),
)

_WORKERS = (
    Function(
        name="register-upload",
        handler="functions.workers.register_upload.handler.handler",
        family="worker",
        queues=(QueueTrigger(queue=OBJECT_CREATED_QUEUE, batch_size=10),),
        timeout_seconds=30,
        settings=_QUEUE_SETTINGS,
        secrets=("DATABASE_URL",),
        sends_to=_PIPELINE,
    ),
    Function(
        name="transcribe",
        handler="functions.workers.transcribe.handler.handler",
        family="worker",
        queues=(QueueTrigger(queue="transcribe"),),
        memory_mb=1_024,
        timeout_seconds=300,
        settings=(*_QUEUE_SETTINGS, *_BUCKET_SETTINGS, *_provider("SPEECH"), "RETRY_BASE_SECONDS"),
        secrets=("DATABASE_URL", "SPEECH_API_KEY"),
        sends_to=_PIPELINE,
        bucket=("read",),
    ),
    Function(
        name="describe-image",
        handler="functions.workers.describe_image.handler.handler",
        family="worker",
        queues=(QueueTrigger(queue="describe-image"),),
        memory_mb=1_024,
        timeout_seconds=300,
        settings=(*_QUEUE_SETTINGS, *_BUCKET_SETTINGS, *_provider("VISION"), "RETRY_BASE_SECONDS"),
        secrets=("DATABASE_URL", "VISION_API_KEY"),
        sends_to=_PIPELINE,
        bucket=("read",),
    ),
    Function(
        name="embed",
        handler="functions.workers.embed.handler.handler",
        family="worker",
        queues=(QueueTrigger(queue="embed"),),
        memory_mb=512,
        timeout_seconds=300,
        settings=(*_QUEUE_SETTINGS, *_provider("EMBEDDING"), "RETRY_BASE_SECONDS"),
        secrets=("DATABASE_URL", "EMBEDDING_API_KEY"),
        sends_to=_PIPELINE,
    ),
    Function(
        name="summarise",
        handler="functions.workers.summarise.handler.handler",
        family="worker",
        queues=(QueueTrigger(queue="summarise"),),
        memory_mb=512,
        timeout_seconds=300,
        settings=(*_QUEUE_SETTINGS, *_provider("CHAT"), "RETRY_BASE_SECONDS"),
        secrets=("DATABASE_URL", "CHAT_API_KEY"),
        sends_to=_PIPELINE,
    ),
    Function(
        name="discard-objects",
        handler="functions.workers.discard_objects.handler.handler",
        family="worker",
        queues=(QueueTrigger(queue="discard-objects", batch_size=10),),
        timeout_seconds=60,
        settings=_BUCKET_SETTINGS,
        bucket=("delete",),
        database="none",
    ),
    Function(
        name="dead-letters",
        handler="functions.workers.dead_letters.handler.handler",
        family="worker",
        queues=tuple(QueueTrigger(queue=f"{name}-dlq", batch_size=10) for name in _PIPELINE),
        timeout_seconds=30,
        settings=_QUEUE_SETTINGS,
        secrets=("DATABASE_URL",),
        sends_to=_PIPELINE,
    ),
    Function(
        name="apply-payment",
        handler="functions.workers.apply_payment.handler.handler",
        family="payments",
        queues=(QueueTrigger(queue="apply-payment"),),
        timeout_seconds=60,
        settings=(*_QUEUE_SETTINGS, *_STRIPE_SETTINGS),
        secrets=("DATABASE_URL", "STRIPE_API_KEY"),
    ),
    Function(
        name="reconcile-payments",
        handler="functions.workers.reconcile_payments.handler.handler",
        family="payments",
        every_seconds=900,
        reserved_concurrency=1,
        timeout_seconds=600,
        settings=_STRIPE_SETTINGS,
        secrets=("DATABASE_URL", "STRIPE_API_KEY"),
        database="system",
    ),
    Function(
        name="sweep",
        handler="functions.workers.sweep.handler.handler",
        family="worker",
        every_seconds=60,
        reserved_concurrency=1,
        timeout_seconds=50,
        settings=(*_QUEUE_SETTINGS, *_BUCKET_SETTINGS),
        secrets=("DATABASE_URL",),
        sends_to=(*_PIPELINE, "discard-objects", "apply-payment"),
        bucket=("read",),
        database="system",
    ),
)

_OPERATIONS = (
    Function(
        name="migrate",
        handler="functions.operations.migrate.handler.handler",
        family="migrate",
        timeout_seconds=300,
        secrets=("DATABASE_URL",),
        database="owner",
    ),
)

FUNCTIONS: tuple[Function, ...] = (*_API, *_WORKERS, *_OPERATIONS)


def queue(name: str) -> Queue:
    """The queue of that name; KeyError if the catalogue has none."""
    return {queue.name: queue for queue in QUEUES}[name]

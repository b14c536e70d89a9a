"""Every function: what wakes it, what it may use, how large and how long it may be.

Plain data, read by the local stack, by CDK and by the tests, so that the three cannot drift.
It imports nothing of AWS, and nothing of ours but its own parts.
"""

from functions.catalogue.api import API
from functions.catalogue.operations import OPERATIONS
from functions.catalogue.queues import NOTICED_PREFIX as NOTICED_PREFIX
from functions.catalogue.queues import OBJECT_CREATED_QUEUE as OBJECT_CREATED_QUEUE
from functions.catalogue.queues import QUEUES
from functions.catalogue.shapes import Auth as Auth
from functions.catalogue.shapes import Function, Queue
from functions.catalogue.shapes import Objects as Objects
from functions.catalogue.shapes import Prefix as Prefix
from functions.catalogue.shapes import QueueTrigger as QueueTrigger
from functions.catalogue.shapes import Route as Route
from functions.catalogue.shapes import Throttle as Throttle
from functions.catalogue.workers import WORKERS

ENVIRONMENT_OF_ALL = {
    # Otherwise pydantic looks through every installed package for plug-ins when its first model is built.
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}
"""Variables every function gets, whatever it does."""


FUNCTIONS: tuple[Function, ...] = (*API, *WORKERS, *OPERATIONS)


def queue(name: str) -> Queue:
    """The queue of that name; KeyError if the catalogue has none."""
    return {queue.name: queue for queue in QUEUES}[name]

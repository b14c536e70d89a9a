"""How long a push may take, from the inside out."""

from functions.catalogue import FUNCTIONS
from functions.catalogue import queue as queue_named
from shared.notifications.firebase_pusher import TOTAL_SECONDS
from shared.notifications.model import LEASE, MAX_ATTEMPTS, PUSH_QUEUE


def test_vendor_worker_lease_and_visibility_end_in_this_order() -> None:
    queue = queue_named(PUSH_QUEUE)
    worker = next(function for function in FUNCTIONS if function.name == "push")
    assert TOTAL_SECONDS < worker.timeout_seconds < LEASE.total_seconds() < queue.visibility_timeout_seconds
    assert queue.max_receive_count >= MAX_ATTEMPTS

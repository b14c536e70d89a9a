"""A call's total time: SDKs limit the silence between two bytes only, so a byte a second would keep them for ever."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

from shared.ai.paid_so_far import paid_so_far
from shared.ai.vendor_errors import costing
from shared.errors import VendorDown

ReplyT = TypeVar("ReplyT")


def within(seconds: float, ask: Callable[[], ReplyT]) -> ReplyT:
    """What `ask` returns or raises. After `seconds` the caller goes on without it.

    `ask` runs in a thread of its own: nothing else ends it whatever it waits for (a name server, a handshake, headers
    that drip). When it is given up it ends by itself at the provider's next silence; its answer is dropped, and what
    tells what it paid (shared/ai/paid_so_far.py) sends no further request.

    Raises:
        VendorDown: (`timeout`) there was no answer in time, or `ask` itself raised a TimeoutError. It tells what
            requests of the call were answered, and paid for, before it was given up.
    """
    answer: Future[ReplyT] = Future()
    with paid_so_far() as paid:
        context = copy_context()  # what is measured and logged in the thread belongs to the caller's invocation
    Thread(target=context.run, args=(_give, answer, ask), name="provider", daemon=True).start()
    wait([answer], timeout=seconds)
    if not answer.done():
        paid.is_given_up = True
        given_up = VendorDown(f"There was no answer within {seconds:g} seconds.", failure="timeout")
        raise costing(given_up, paid.usage)
    # It is there, be it in the very moment the time ran out: it was paid for.
    try:
        return answer.result()
    except TimeoutError as error:  # a socket's, for which no adapter of ours has a word
        raise VendorDown("The provider did not answer in time.", failure="timeout") from error


def _give(answer: Future[ReplyT], ask: Callable[[], ReplyT]) -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:  # noqa: BLE001 - handed over whole: whoever waits raises it
        answer.set_exception(error)

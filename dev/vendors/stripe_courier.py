"""Brings events to the webhook: signed, again until they are taken, and on demand late, twice or in any order."""

import heapq
import random
import threading
import time
from collections import deque
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from typing import Final

import httpx
from stripe import WebhookSignature

from dev.vendors.stripe_model import Delivery, Event

MOST_COPIES = 5
MOST_ATTEMPTS = 12
_BACKOFF_SECONDS = (0.2, 0.5, 1, 2, 4, 8, 15, 30)
_SHUFFLED_WITHIN_SECONDS = 0.5
_ANSWER_SECONDS = 10
_LONGEST_NAP_SECONDS = 1.0
_KEPT_IN_LOG = 1_000
_HTTP_OK = 200
_HTTP_MULTIPLE_CHOICES = 300
_USER_AGENT: Final = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"


@dataclass(frozen=True, kw_only=True)
class Controls:
    """How events are delivered."""

    copies: int = 1
    is_shuffled: bool = False
    is_held: bool = False


class Courier:
    """A thread that delivers. `lock` guards the tables it shares with the rest of the local Stripe."""

    def __init__(
        self,
        *,
        lock: threading.RLock,
        signing_secret: str,
        events: MutableMapping[str, Event],
        deliveries: MutableMapping[str, Delivery],
        new_id: Callable[[str], str],
        on_change: Callable[[], None],
        chores: Callable[[], None],
        seed: int,
    ) -> None:
        self.controls = Controls()
        self.target: str | None = None
        self.log: deque[str] = deque(maxlen=_KEPT_IN_LOG)
        """The ids of deliveries as they were attempted, the latest last."""
        self._changed = threading.Condition(lock)
        self._secret = signing_secret
        self._events = events
        self._deliveries = deliveries
        self._waiting = {name: None for name, kept in deliveries.items() if kept.state == "waiting"}
        self._due = [(deliveries[name].due_at, name) for name in self._waiting]
        heapq.heapify(self._due)
        self._new_id = new_id
        self._on_change = on_change
        self._chores = chores
        self._random = random.Random(seed)  # noqa: S311 - an order that can be repeated, not a secret
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="stripe-courier", daemon=True)

    def start(self) -> None:
        """Begin to deliver; nothing leaves before a target is known."""
        self._thread.start()

    def stop(self) -> None:
        """Let the delivery that is on its way end, and begin no other."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(_ANSWER_SECONDS)

    def deliver_to(self, url: str | None) -> None:
        """Where events go from now on."""
        with self._changed:
            self.target = url
            self._changed.notify_all()

    def control(self, controls: Controls) -> None:
        """How events are delivered from now on; those that were held back go when holding ends."""
        if not 1 <= controls.copies <= MOST_COPIES:
            raise ValueError(f"copies is a number from 1 to {MOST_COPIES}")
        with self._changed:
            is_released = self.controls.is_held and not controls.is_held
            self.controls = controls
            if is_released and controls.is_shuffled:
                self._shuffle()
            self._changed.notify_all()

    def send(self, event: Event) -> None:
        """Deliver an event, in as many copies as asked for."""
        with self._changed:
            for _copy in range(self.controls.copies):
                self._put(Delivery(id=self._new_id("wd"), event=event.id, due_at=self._first_due()))

    def send_again(self, delivery_id: str) -> None:
        """Try a delivery again from the beginning, also one that was given up or taken."""
        with self._changed:
            self._put(replace(self._deliveries[delivery_id], state="waiting", attempts=0, due_at=0.0))

    def wait_until_quiet(self, timeout_seconds: float) -> bool:
        """Wait until nothing waits to be delivered; tells whether that came about in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, timeout_seconds)

    def _first_due(self) -> float:
        delay = self._random.uniform(0, _SHUFFLED_WITHIN_SECONDS) if self.controls.is_shuffled else 0.0
        return time.time() + delay

    def _shuffle(self) -> None:
        """An order that depends on the seed alone, not on how fast the events came."""
        names, now = list(self._waiting), time.time()
        self._random.shuffle(names)
        for number, name in enumerate(names):
            self._put(replace(self._deliveries[name], due_at=now + number / 1_000_000))

    def _put(self, delivery: Delivery) -> None:
        self._deliveries[delivery.id] = delivery
        if delivery.state == "waiting":
            self._waiting[delivery.id] = None
            heapq.heappush(self._due, (delivery.due_at, delivery.id))
        else:
            self._waiting.pop(delivery.id, None)
        self._on_change()
        self._changed.notify_all()

    def _run(self) -> None:
        # Without the certificate authorities of the machine: the target is on this machine.
        with httpx.Client(timeout=_ANSWER_SECONDS, trust_env=False, verify=False) as client:  # noqa: S501 - see above
            while (taken := self._take()) is not None:
                delivery, event, target = taken
                answer = self._attempt(client, event, target)
                with self._changed:
                    self.log.append(delivery.id)
                    self._put(_after_attempt(delivery, answer))

    def _take(self) -> tuple[Delivery, Event, str] | None:
        with self._changed:
            while not self._is_stopping:
                self._chores()
                nap = self._nap()
                if nap == 0 and self.target is not None:
                    delivery = self._deliveries[heapq.heappop(self._due)[1]]
                    return delivery, self._events[delivery.event], self.target
                self._changed.wait(nap)
            return None

    def _nap(self) -> float:
        """How long nothing is to be done, as far as is known now."""
        while self._due and not self._is_current(*self._due[0]):
            heapq.heappop(self._due)
        if not self._due or self.controls.is_held or self.target is None:
            return _LONGEST_NAP_SECONDS
        return min(max(self._due[0][0] - time.time(), 0.0), _LONGEST_NAP_SECONDS)

    def _is_current(self, due_at: float, name: str) -> bool:
        """A delivery that was put off, or taken since, may still stand in the heap under its old time."""
        return name in self._waiting and self._deliveries[name].due_at == due_at

    def _attempt(self, client: httpx.Client, event: Event, target: str) -> str:
        signature = WebhookSignature.generate_signature_header(event.body, self._secret)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": _USER_AGENT,
        }
        try:
            return str(client.post(target, content=event.body.encode(), headers=headers).status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__


def _after_attempt(delivery: Delivery, answer: str) -> Delivery:
    """Taken is what was answered with a 2xx; all else comes again, later and later, and at last no more."""
    attempts = delivery.attempts + 1
    is_taken = answer.isdecimal() and _HTTP_OK <= int(answer) < _HTTP_MULTIPLE_CHOICES
    if is_taken:
        return replace(delivery, state="delivered", attempts=attempts, last_answer=answer)
    if attempts >= MOST_ATTEMPTS:
        return replace(delivery, state="given_up", attempts=attempts, last_answer=answer)
    pause = _BACKOFF_SECONDS[min(attempts, len(_BACKOFF_SECONDS)) - 1]
    return replace(delivery, due_at=time.time() + pause, attempts=attempts, last_answer=answer)

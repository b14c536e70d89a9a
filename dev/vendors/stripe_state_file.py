"""The local Stripe's tables in a JSON file: replaced as a whole, and at most a few times a second."""

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dev.vendors.stripe_book import Tables
from dev.vendors.stripe_model import (
    Charge,
    CheckoutSession,
    Customer,
    Delivery,
    Dispute,
    Event,
    LineItem,
    PaymentIntent,
    Refund,
    SavedAnswer,
)

_PAUSE_SECONDS = 0.2
_LARGEST_SHARE = 5
"""Writing takes at most a fifth of the time, however large the file has become."""
_KINDS: dict[str, Callable[..., Any]] = {
    "customers": Customer,
    "sessions": lambda *, lines, **others: CheckoutSession(lines=tuple(LineItem(**line) for line in lines), **others),
    "intents": PaymentIntent,
    "charges": Charge,
    "refunds": Refund,
    "disputes": Dispute,
    "events": Event,
    "deliveries": Delivery,
    "answers": SavedAnswer,
}


def load_tables(path: Path | None) -> Tables:
    """What was kept, or new tables with a signing secret of their own."""
    if path is None or not path.exists():
        return Tables()
    kept = json.loads(path.read_text(encoding="utf-8"))
    tables: dict[str, Any] = {
        name: {key: kind(**row) for key, row in kept[name].items()} for name, kind in _KINDS.items()
    }
    return Tables(signing_secret=kept["signing_secret"], **tables)


class StateFile:
    """Writes the tables behind the back of those who change them; `close` writes what is left."""

    def __init__(self, path: Path, copy_of_tables: Callable[[], dict[str, Any]]) -> None:
        self._path = path
        self._copy_of_tables = copy_of_tables
        self._is_changed = threading.Event()
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._write_changes, name="stripe-state", daemon=True)
        self._thread.start()

    def mark_changed(self) -> None:
        """Something is to be written, soon."""
        self._is_changed.set()

    def close(self) -> None:
        """Write what is not written yet."""
        self._is_closing.set()
        self._is_changed.set()
        self._thread.join()

    def _write_changes(self) -> None:
        while not self._is_closing.is_set():
            self._is_changed.wait()
            self._is_changed.clear()
            began = time.monotonic()
            self._write()
            self._is_closing.wait(max(_PAUSE_SECONDS, _LARGEST_SHARE * (time.monotonic() - began)))
        self._write()

    def _write(self) -> None:
        text = json.dumps(self._copy_of_tables(), default=vars)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Complete under another name first: a stop in the middle must not leave half a file.
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(self._path)

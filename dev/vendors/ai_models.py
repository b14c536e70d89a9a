"""The models behind the local AI server, each loaded when first needed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from dev.vendors.ai_minilm import MiniLM
from dev.vendors.ai_speech import SpeechDecoders
from dev.vendors.ai_vision import TextReader

Value = TypeVar("Value")


class Lazy(Generic[Value]):
    """A value made at the first call, once, whichever thread comes first."""

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[Value] = []

    def __call__(self) -> Value:
        """The value. Raises what making it raises, and tries again at the next call."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


@dataclass(frozen=True, kw_only=True)
class Models:
    """Everything the server can do."""

    embedder: Lazy[MiniLM] = field(default_factory=lambda: Lazy(MiniLM))
    reader: Lazy[TextReader] = field(default_factory=lambda: Lazy(TextReader))
    decoders: SpeechDecoders = field(default_factory=SpeechDecoders)

    def warm(self) -> None:
        """Loads everything now, so that the first request need not wait for it."""
        self.decoders.start()
        self.embedder()
        self.reader()

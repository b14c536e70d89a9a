"""AI providers in memory, behind their Protocols. Each raises `failure` while it is set, and counts its calls."""

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from shared.ai.capabilities import Description, Embedded, Segment, Summary, Transcript, Usage, Vector
from shared.errors import SecondBrainError

SAID = (
    Segment(start_ms=0, end_ms=2_500, text="We launch the new garden app on Friday."),
    Segment(start_ms=2_500, end_ms=5_000, text="Ana brings the oat milk."),
)
_TOKENS: dict[str, Any] = {"tokens": 1_000, "input_tokens": 900, "cached_input_tokens": 300, "output_tokens": 100}


class _Provider:
    def __init__(self) -> None:
        self.calls = 0
        self.failure: SecondBrainError | None = None
        self.meanwhile: Callable[[], object] = lambda: None
        """What the rest of the world does while the provider thinks."""

    def _answer(self) -> None:
        self.calls += 1
        self.meanwhile()
        if self.failure is not None:
            raise self.failure


class FakeTranscriber(_Provider):
    """Hears SAID in every recording."""

    def __init__(self) -> None:
        super().__init__()
        self.segments: tuple[Segment, ...] = SAID
        self.file_names: list[str] = []

    def transcribe(self, audio: bytes, *, file_name: str, language: str | None) -> Transcript:
        self._answer()
        self.file_names.append(file_name)
        usage = Usage(provider="fake-speech", model="ears-1", operation="transcribe", audio_ms=len(audio))
        text = " ".join(segment.text for segment in self.segments)
        return Transcript(text=text, segments=self.segments, language=language, usage=usage)


class FakeDescriber(_Provider):
    """Sees a whiteboard in every picture."""

    def __init__(self) -> None:
        super().__init__()
        self.caption, self.text = "A whiteboard in a bright room.", "SHIP FRIDAY"

    def describe(self, image: bytes, *, content_type: str, language: str) -> Description:
        self._answer()
        assert image.startswith(b"\xff\xd8")
        assert (content_type, bool(language)) == ("image/jpeg", True)
        usage = Usage(provider="fake-vision", model="eyes-1", operation="describe_image", **_TOKENS)
        return Description(caption=self.caption, text=self.text, usage=usage)


class FakeEmbedder(_Provider):
    """Gives every text a unit vector of its own."""

    provider = "fake-embedding"

    def __init__(self, model: str = "space-1") -> None:
        super().__init__()
        self.model = model
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Embedded:
        self._answer()
        self.texts.extend(texts)
        usage = Usage(
            provider=self.provider, model=self.model, operation="embed", tokens=len(texts), input_tokens=len(texts)
        )
        return Embedded(vectors=tuple(_unit(sum(map(ord, text)) % 1_536) for text in texts), usage=usage)


class FakeSummariser(_Provider):
    """Sums everything up alike."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []

    def summarise(self, notes: str, *, language: str) -> Summary:
        self._answer()
        self.notes.append(notes)
        usage = Usage(provider="fake-chat", model="words-1", operation="summarise", **_TOKENS)
        return Summary(title=f"Launch ({language})", summary="The app launches on Friday.", usage=usage)


def _unit(axis: int) -> Vector:
    return array("f", (1.0 if at == axis else 0.0 for at in range(1_536)))

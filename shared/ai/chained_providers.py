"""The capabilities, each fulfilled by a chain of providers instead of one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from shared.ai.capabilities import (
    Answerer,
    Claimed,
    Description,
    Embedded,
    Embedder,
    ImageDescriber,
    QuestionToNotes,
    Summariser,
    Summary,
    Transcriber,
    Transcript,
    Usage,
)
from shared.ai.provider_chain import ProviderChain

ReplyT = TypeVar("ReplyT", Transcript, Description, Summary, Embedded, Claimed)


class ChainedTranscriber:
    """Fulfils Transcriber."""

    def __init__(self, chain: ProviderChain[Transcriber]) -> None:
        self._chain = chain

    def transcribe(self, audio: bytes, *, file_name: str, language: str | None) -> Transcript:
        """The transcript of the first provider that answers. Raises what the chain raises."""
        return _whole(self._chain.ask(lambda ears: ears.transcribe(audio, file_name=file_name, language=language)))


class ChainedImageDescriber:
    """Fulfils ImageDescriber."""

    def __init__(self, chain: ProviderChain[ImageDescriber]) -> None:
        self._chain = chain

    def describe(self, image: bytes, *, content_type: str, language: str) -> Description:
        """The description of the first provider that answers. Raises what the chain raises."""
        return _whole(self._chain.ask(lambda eyes: eyes.describe(image, content_type=content_type, language=language)))


class ChainedSummariser:
    """Fulfils Summariser."""

    def __init__(self, chain: ProviderChain[Summariser]) -> None:
        self._chain = chain

    def summarise(self, notes: str, *, language: str) -> Summary:
        """The summary of the first provider that answers. Raises what the chain raises."""
        return _whole(self._chain.ask(lambda writer: writer.summarise(notes, language=language)))


class ChainedEmbedder:
    """Fulfils Embedder. All providers serve one model, and its space is named after the first of them."""

    def __init__(self, chain: ProviderChain[Embedder]) -> None:
        self._chain = chain
        self.provider = chain.first.provider
        self.model = chain.first.model

    def embed(self, texts: Sequence[str]) -> Embedded:
        """The vectors of the first provider that answers for all texts. Raises what the chain raises."""
        return _whole(self._chain.ask(lambda embedder: embedder.embed(texts)))


class ChainedAnswerer:
    """Fulfils Answerer."""

    def __init__(self, chain: ProviderChain[Answerer]) -> None:
        self._chain = chain

    def answer(self, asked: QuestionToNotes) -> Claimed:
        """The claims of the first provider that answers. Raises what the chain raises."""
        return _whole(self._chain.ask(lambda model: model.answer(asked)))


def _whole(answer: tuple[ReplyT, tuple[Usage, ...]]) -> ReplyT:
    """The reply, with what calls before it cost in vain."""
    reply, wasted = answer
    return replace(reply, usage=replace(reply.usage, wasted=wasted)) if wasted else reply

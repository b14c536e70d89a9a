"""Settings of functions that ask a provider: one class for each capability, each of which tells its endpoint."""

from shared.ai.capabilities import Endpoint
from shared.config.environment import Settings


class SpeechSettings(Settings):
    """Where speech becomes text."""

    speech_provider: str
    speech_base_url: str
    speech_model: str
    speech_api_key: str

    def endpoint(self) -> Endpoint:
        """The one these settings name."""
        return Endpoint(
            provider=self.speech_provider,
            base_url=self.speech_base_url,
            model=self.speech_model,
            api_key=self.speech_api_key,
        )


class VisionSettings(Settings):
    """Where pictures are described."""

    vision_provider: str
    vision_base_url: str
    vision_model: str
    vision_api_key: str

    def endpoint(self) -> Endpoint:
        """The one these settings name."""
        return Endpoint(
            provider=self.vision_provider,
            base_url=self.vision_base_url,
            model=self.vision_model,
            api_key=self.vision_api_key,
        )


class EmbeddingSettings(Settings):
    """Where texts become vectors."""

    embedding_provider: str
    embedding_base_url: str
    embedding_model: str
    embedding_api_key: str

    def endpoint(self) -> Endpoint:
        """The one these settings name."""
        return Endpoint(
            provider=self.embedding_provider,
            base_url=self.embedding_base_url,
            model=self.embedding_model,
            api_key=self.embedding_api_key,
        )


class ChatSettings(Settings):
    """Where notes are summed up."""

    chat_provider: str
    chat_base_url: str
    chat_model: str
    chat_api_key: str

    def endpoint(self) -> Endpoint:
        """The one these settings name."""
        return Endpoint(
            provider=self.chat_provider,
            base_url=self.chat_base_url,
            model=self.chat_model,
            api_key=self.chat_api_key,
        )

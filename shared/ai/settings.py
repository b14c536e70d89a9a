"""Settings of functions that ask a provider: one class for each capability, each of which tells its endpoints.

The second choice is optional: its four settings are given together, or left empty. So are the four of the embedding
model that users are being moved away from.
"""

from shared.ai.capabilities import Endpoint
from shared.config.environment import Settings, SettingsError

_PARTS = ("provider", "base_url", "model", "api_key")


class SpeechSettings(Settings):
    """Where speech becomes text."""

    speech_provider: str
    speech_base_url: str
    speech_model: str
    speech_api_key: str
    speech_fallback_provider: str = ""
    speech_fallback_base_url: str = ""
    speech_fallback_model: str = ""
    speech_fallback_api_key: str = ""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those these settings name, first choice first. Raises SettingsError."""
        return _endpoints(self, "speech")


class VisionSettings(Settings):
    """Where pictures are described."""

    vision_provider: str
    vision_base_url: str
    vision_model: str
    vision_api_key: str
    vision_fallback_provider: str = ""
    vision_fallback_base_url: str = ""
    vision_fallback_model: str = ""
    vision_fallback_api_key: str = ""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those these settings name, first choice first. Raises SettingsError."""
        return _endpoints(self, "vision")


class EmbeddingSettings(Settings):
    """Where texts become vectors."""

    embedding_provider: str
    embedding_base_url: str
    embedding_model: str
    embedding_api_key: str
    embedding_fallback_provider: str = ""
    embedding_fallback_base_url: str = ""
    embedding_fallback_model: str = ""
    embedding_fallback_api_key: str = ""
    embedding_previous_provider: str = ""
    embedding_previous_base_url: str = ""
    embedding_previous_model: str = ""
    embedding_previous_api_key: str = ""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those these settings name, first choice first: all of one model.

        Raises:
            SettingsError: another model makes vectors of another space, which can be compared with none of the first's.
        """
        endpoints = _endpoints(self, "embedding")
        if not all(is_same_model(endpoint.model, endpoints[0].model) for endpoint in endpoints):
            raise SettingsError(
                f"EMBEDDING_FALLBACK_MODEL is {endpoints[1].model}, and EMBEDDING_MODEL is {endpoints[0].model}: "
                "vectors of two models cannot be compared. Name another host of the same model, or none."
            )
        return endpoints

    def previous_endpoint(self) -> Endpoint | None:
        """Where texts become vectors for users who are not moved to the current model yet; None when none is named.

        Raises:
            SettingsError: it is half given, or of the current model.
        """
        endpoint = _optional(self, "embedding_previous", what="The previous choice for embedding")
        if endpoint is not None and is_same_model(endpoint.model, self.embedding_model):
            raise SettingsError(
                f"EMBEDDING_PREVIOUS_MODEL is {endpoint.model}, as is EMBEDDING_MODEL. Name the model that users are "
                "moved away from, or none."
            )
        return endpoint


class ChatSettings(Settings):
    """Where notes are summed up."""

    chat_provider: str
    chat_base_url: str
    chat_model: str
    chat_api_key: str
    chat_fallback_provider: str = ""
    chat_fallback_base_url: str = ""
    chat_fallback_model: str = ""
    chat_fallback_api_key: str = ""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those these settings name, first choice first. Raises SettingsError."""
        return _endpoints(self, "chat")


def is_same_model(one: str, other: str) -> bool:
    """Whether two names are of one model, which some hosts name after its maker: "openai/text-embedding-3-small"."""
    return one.rpartition("/")[2] == other.rpartition("/")[2]


def _endpoints(settings: Settings, capability: str) -> tuple[Endpoint, ...]:
    first = _endpoint(settings, capability)
    second_name = f"{capability}_fallback"
    second = _optional(settings, second_name, what=f"The second choice for {capability}")
    if second is None:
        return (first,)
    if second.provider == first.provider:
        raise SettingsError(
            f"{second_name.upper()}_PROVIDER is {first.provider}, as is the first choice: name it otherwise, "
            "for how each has been doing is kept by its name."
        )
    return (first, second)


def _optional(settings: Settings, prefix: str, *, what: str) -> Endpoint | None:
    """What four settings name; None when all are empty. `what` they are, to people."""
    given = {part: getattr(settings, f"{prefix}_{part}") for part in _PARTS}
    if not any(given.values()):
        return None
    missing = [f"{prefix}_{part}".upper() for part, value in given.items() if not value]
    if missing:
        raise SettingsError(f"{what} is half given. Set {', '.join(missing)}, or none.")
    return _endpoint(settings, prefix)


def _endpoint(settings: Settings, prefix: str) -> Endpoint:
    return Endpoint(**{part: getattr(settings, f"{prefix}_{part}") for part in _PARTS})

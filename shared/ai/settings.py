"""Settings of functions that ask a provider: one class for each capability, each of which tells its endpoints.

The second choice is optional: its four settings are given together, or left empty.
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

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those these settings name, first choice first: all of one model.

        Raises:
            SettingsError: another model makes vectors of another space, which can be compared with none of the first's.
        """
        endpoints = _endpoints(self, "embedding")
        models = {endpoint.model.rpartition("/")[2] for endpoint in endpoints}
        if len(models) > 1:
            raise SettingsError(
                f"EMBEDDING_FALLBACK_MODEL is {endpoints[1].model}, and EMBEDDING_MODEL is {endpoints[0].model}: "
                "vectors of two models cannot be compared. Name another host of the same model, or none."
            )
        return endpoints


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


def _endpoints(settings: Settings, capability: str) -> tuple[Endpoint, ...]:
    first = _endpoint(settings, capability)
    second_name = f"{capability}_fallback"
    given = {part: getattr(settings, f"{second_name}_{part}") for part in _PARTS}
    if not any(given.values()):
        return (first,)
    missing = [f"{second_name}_{part}".upper() for part, value in given.items() if not value]
    if missing:
        raise SettingsError(f"The second choice for {capability} is half given. Set {', '.join(missing)}, or none.")
    if given["provider"] == first.provider:
        raise SettingsError(
            f"{second_name.upper()}_PROVIDER is {first.provider}, as is the first choice: name it otherwise, "
            "for how each has been doing is kept by its name."
        )
    return (first, _endpoint(settings, second_name))


def _endpoint(settings: Settings, prefix: str) -> Endpoint:
    return Endpoint(**{part: getattr(settings, f"{prefix}_{part}") for part in _PARTS})

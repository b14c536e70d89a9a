"""Which provider each capability is bought from, decided by the keys in the environment of `make serve`."""

from collections.abc import Mapping
from dataclasses import dataclass

LOCAL = "local"


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """A provider one may have a key for. Its key is `<NAME>_API_KEY`, its address `<NAME>_BASE_URL` overrides."""

    name: str
    base_url: str


@dataclass(frozen=True, kw_only=True)
class Capability:
    """One thing we ask of a provider: from `vendor` when its key is there, else from the local server."""

    name: str
    vendor: Vendor
    model: str
    local_model: str
    local_path: str = "/v1"


GROQ = Vendor(name="groq", base_url="https://api.groq.com")
OPENAI = Vendor(name="openai", base_url="https://api.openai.com/v1")
DEEPSEEK = Vendor(name="deepseek", base_url="https://api.deepseek.com")

CAPABILITIES = (
    # Groq's SDK adds /openai/v1 to the host by itself.
    Capability(
        name="SPEECH", vendor=GROQ, model="whisper-large-v3-turbo", local_model="pocketsphinx-en-us", local_path=""
    ),
    Capability(name="VISION", vendor=OPENAI, model="gpt-4.1-mini", local_model="rapidocr"),
    Capability(name="EMBEDDING", vendor=OPENAI, model="text-embedding-3-small", local_model="all-MiniLM-L6-v2"),
    Capability(name="CHAT", vendor=DEEPSEEK, model="deepseek-flash", local_model="extractive-mmr"),
)


def provider_settings(environment: Mapping[str, str], *, local_url: str) -> dict[str, str]:
    """The settings of every capability, as the functions read them: `SPEECH_PROVIDER`, `SPEECH_BASE_URL`...

    `AI_PROVIDER=local` ignores all keys. `<CAPABILITY>_MODEL` overrides a model's name.
    """
    settings: dict[str, str] = {}
    for capability in CAPABILITIES:
        settings |= _settings_of(capability, environment, local_url)
    return settings


def is_anything_local(settings: Mapping[str, str]) -> bool:
    """Whether the local AI server is needed at all."""
    return any(settings[f"{capability.name}_PROVIDER"] == LOCAL for capability in CAPABILITIES)


def _settings_of(capability: Capability, environment: Mapping[str, str], local_url: str) -> dict[str, str]:
    vendor = capability.vendor
    key = environment.get(f"{vendor.name.upper()}_API_KEY", "")
    is_local = not key or environment.get("AI_PROVIDER") == LOCAL
    base_url = environment.get(f"{vendor.name.upper()}_BASE_URL") or vendor.base_url
    model = capability.local_model if is_local else capability.model
    return {
        f"{capability.name}_PROVIDER": LOCAL if is_local else vendor.name,
        f"{capability.name}_BASE_URL": local_url + capability.local_path if is_local else base_url,
        f"{capability.name}_MODEL": environment.get(f"{capability.name}_MODEL") or model,
        f"{capability.name}_API_KEY": "local" if is_local else key,
    }

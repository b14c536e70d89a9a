"""Which provider each capability is bought from, decided by the keys in the environment of `make serve`."""

from collections.abc import Mapping
from dataclasses import dataclass

LOCAL = "local"
_PARTS = ("PROVIDER", "BASE_URL", "MODEL", "API_KEY")


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """A provider one may have a key for. Its key is `<NAME>_API_KEY`, its address `<NAME>_BASE_URL` overrides."""

    name: str
    base_url: str


@dataclass(frozen=True, kw_only=True)
class Capability:
    """One thing we ask of a provider: from `vendor` when its key is there, else from the local server.

    With the second vendor's key, too, that one is asked when the first fails. Nothing falls back to the local server:
    what was bought once is not to become a rough draft on a bad day. `has_previous`: users may be on the way from
    another model.
    """

    name: str
    vendor: Vendor
    model: str
    local_model: str
    local_path: str = "/v1"
    second: Vendor | None = None
    second_model: str = ""
    has_previous: bool = False


GROQ = Vendor(name="groq", base_url="https://api.groq.com")
OPENAI = Vendor(name="openai", base_url="https://api.openai.com/v1")
DEEPSEEK = Vendor(name="deepseek", base_url="https://api.deepseek.com")

CAPABILITIES = (
    # Groq's SDK adds /openai/v1 to the host by itself.
    Capability(
        name="SPEECH",
        vendor=GROQ,
        model="whisper-large-v3-turbo",
        local_model="pocketsphinx-en-us",
        local_path="",
        second=OPENAI,
        second_model="whisper-1",  # the one of OpenAI's that tells times
    ),
    Capability(name="VISION", vendor=OPENAI, model="gpt-4.1-mini", local_model="rapidocr"),
    # No second: nobody else serves this model.
    Capability(
        name="EMBEDDING",
        vendor=OPENAI,
        model="text-embedding-3-small",
        local_model="all-MiniLM-L6-v2",
        has_previous=True,
    ),
    Capability(
        name="CHAT",
        vendor=DEEPSEEK,
        model="deepseek-flash",
        local_model="extractive-mmr",
        second=OPENAI,
        second_model="gpt-4.1-mini",
    ),
)


def provider_settings(environment: Mapping[str, str], *, local_url: str) -> dict[str, str]:
    """The settings of every capability, as the functions read them: `SPEECH_PROVIDER`, `SPEECH_BASE_URL`...

    `AI_PROVIDER=local` ignores all keys, `AI_FALLBACK=none` the second choices. `<CAPABILITY>_MODEL` and
    `<CAPABILITY>_FALLBACK_MODEL` override a model's name; the four `<CAPABILITY>_FALLBACK_...` name any second choice.
    The four `EMBEDDING_PREVIOUS_...` name the model users are moved away from; EMBEDDING_PREVIOUS_PROVIDER=local alone
    names the local one.
    """
    settings: dict[str, str] = {}
    for capability in CAPABILITIES:
        settings |= _settings_of(capability, environment, local_url)
    return settings


def is_anything_local(settings: Mapping[str, str]) -> bool:
    """Whether the local AI server is needed at all."""
    return LOCAL in {value for name, value in settings.items() if name.endswith("_PROVIDER")}


def _settings_of(capability: Capability, environment: Mapping[str, str], local_url: str) -> dict[str, str]:
    name = capability.name
    key = _key(capability.vendor, environment)
    is_local = not key or environment.get("AI_PROVIDER") == LOCAL
    model = capability.local_model if is_local else capability.model
    first = {
        f"{name}_PROVIDER": LOCAL if is_local else capability.vendor.name,
        f"{name}_BASE_URL": local_url + capability.local_path
        if is_local
        else _base_url(capability.vendor, environment),
        f"{name}_MODEL": environment.get(f"{name}_MODEL") or model,
        f"{name}_API_KEY": "local" if is_local else key,
    }
    has_no_second = is_local or environment.get("AI_FALLBACK") == "none"
    second = _second(capability, {} if has_no_second else environment)
    return first | second | (_previous(capability, environment, local_url) if capability.has_previous else {})


def _second(capability: Capability, environment: Mapping[str, str]) -> dict[str, str]:
    """The second choice: as the environment names it, or the vendor we know, or empty."""
    prefix = f"{capability.name}_FALLBACK"
    if environment.get(f"{prefix}_PROVIDER"):
        return {f"{prefix}_{part}": environment.get(f"{prefix}_{part}", "") for part in _PARTS}
    vendor = capability.second
    key = "" if vendor is None else _key(vendor, environment)
    if vendor is None or not key:
        return {f"{prefix}_{part}": "" for part in _PARTS}
    return {
        f"{prefix}_PROVIDER": vendor.name,
        f"{prefix}_BASE_URL": _base_url(vendor, environment),
        f"{prefix}_MODEL": environment.get(f"{prefix}_MODEL") or capability.second_model,
        f"{prefix}_API_KEY": key,
    }


def _previous(capability: Capability, environment: Mapping[str, str], local_url: str) -> dict[str, str]:
    prefix = f"{capability.name}_PREVIOUS"
    given = {f"{prefix}_{part}": environment.get(f"{prefix}_{part}", "") for part in _PARTS}
    if given[f"{prefix}_PROVIDER"] != LOCAL:
        return given
    of_local = (LOCAL, local_url + capability.local_path, capability.local_model, "local")
    return {name: given[name] or local for name, local in zip(given, of_local, strict=True)}


def _key(vendor: Vendor, environment: Mapping[str, str]) -> str:
    return environment.get(f"{vendor.name.upper()}_API_KEY", "")


def _base_url(vendor: Vendor, environment: Mapping[str, str]) -> str:
    return environment.get(f"{vendor.name.upper()}_BASE_URL") or vendor.base_url

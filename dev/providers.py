"""Which provider each capability is bought from, decided by the keys in the environment of `make serve`."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.catalogue.providers import FIRST_CHOICES, SECOND_CHOICES, Choice, Vendor

LOCAL = "local"
_PARTS = ("PROVIDER", "BASE_URL", "MODEL", "API_KEY")


@dataclass(frozen=True, kw_only=True)
class Capability:
    """One thing we ask of a provider: of the catalogue's first choice when its key is there, else of the local server.

    With the second choice's key, too, that one is asked when the first fails. Nothing falls back to the local server:
    what was bought once is not to become a rough draft on a bad day. `has_previous`: users may be on the way from
    another model.
    """

    name: str
    local_model: str
    local_path: str = "/v1"
    has_previous: bool = False

    @property
    def first(self) -> Choice:
        """Whose key decides whether the local server is asked."""
        return FIRST_CHOICES[self.name]


CAPABILITIES = (
    Capability(name="SPEECH", local_model="pocketsphinx-en-us", local_path=""),
    Capability(name="VISION", local_model="rapidocr"),
    Capability(name="EMBEDDING", local_model="all-MiniLM-L6-v2", has_previous=True),
    Capability(name="CHAT", local_model="extractive-mmr"),
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
    vendor = capability.first.vendor
    key = _key(vendor, environment)
    is_local = not key or environment.get("AI_PROVIDER") == LOCAL
    model = capability.local_model if is_local else capability.first.model
    first = {
        f"{name}_PROVIDER": LOCAL if is_local else vendor.name,
        f"{name}_BASE_URL": local_url + capability.local_path if is_local else _base_url(vendor, environment),
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
    second = SECOND_CHOICES.get(capability.name)
    key = "" if second is None else _key(second.vendor, environment)
    if second is None or not key:
        return {f"{prefix}_{part}": "" for part in _PARTS}
    return {
        f"{prefix}_PROVIDER": second.vendor.name,
        f"{prefix}_BASE_URL": _base_url(second.vendor, environment),
        f"{prefix}_MODEL": environment.get(f"{prefix}_MODEL") or second.model,
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

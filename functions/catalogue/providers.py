"""Which provider a capability is bought from, unless somebody says otherwise: here, and in AWS."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """A provider, and where it answers."""

    name: str
    base_url: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A vendor's model."""

    vendor: Vendor
    model: str


GROQ = Vendor(name="groq", base_url="https://api.groq.com")  # its SDK adds /openai/v1 to the host by itself
OPENAI = Vendor(name="openai", base_url="https://api.openai.com/v1")
DEEPSEEK = Vendor(name="deepseek", base_url="https://api.deepseek.com")

FIRST_CHOICES = {
    "SPEECH": Choice(vendor=GROQ, model="whisper-large-v3-turbo"),
    "VISION": Choice(vendor=OPENAI, model="gpt-4.1-mini"),
    "EMBEDDING": Choice(vendor=OPENAI, model="text-embedding-3-small"),
    "CHAT": Choice(vendor=DEEPSEEK, model="deepseek-flash"),
}
SECOND_CHOICES = {
    "SPEECH": Choice(vendor=OPENAI, model="whisper-1"),  # the one of OpenAI's that tells times
    "CHAT": Choice(vendor=OPENAI, model="gpt-4.1-mini"),
}
"""Who is asked when the first fails. Nobody else serves the model of embeddings."""

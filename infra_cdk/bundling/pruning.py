"""What is left out of bundles although a package brings it: nothing that is deployed reads it.

The events test shows that nothing is missed: it runs every function from a bundle, with no other package in reach.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

from functions.catalogue.shapes import Family

_CLOUD_STORES = "firebase-admin's Firestore and Storage, which are imported when they are used; no function does"
_OTHER_CRYPTOGRAPHY = "google-auth signs by the package cryptography, which is there"

LEFT_OUT: Mapping[str, str] = {
    "google-api-core": _CLOUD_STORES,
    "google-cloud-core": _CLOUD_STORES,
    "google-cloud-firestore": _CLOUD_STORES,
    "google-cloud-storage": _CLOUD_STORES,
    "google-crc32c": _CLOUD_STORES,
    "google-resumable-media": _CLOUD_STORES,
    "googleapis-common-protos": _CLOUD_STORES,
    "grpcio": _CLOUD_STORES,
    "grpcio-status": _CLOUD_STORES,
    "opentelemetry-api": _CLOUD_STORES,
    "proto-plus": _CLOUD_STORES,
    "protobuf": _CLOUD_STORES,
    "pyasn1": _OTHER_CRYPTOGRAPHY,
    "pyasn1-modules": _OTHER_CRYPTOGRAPHY,
    "pycparser": "cffi reads C by it when an extension is built, never when one is used",
    "pyjwt": "firebase-admin's App Check, which no function asks",
}
"""Packages that a family's dependencies name and no function loads, with the reason: they are not in any lock."""

_OF_REQUESTS = ("certifi", "charset-normalizer", "idna", "requests")
LEFT_OUT_BESIDE_STRIPE: Mapping[Family, tuple[str, ...]] = dict.fromkeys(
    ("accounts", "checkout", "payments", "stripe"), _OF_REQUESTS
)
"""Stripe's SDK loads requests where it is installed; ours goes by shared/payments/stripe_transport.py."""

ASKED_FOR_THEIR_VERSION = ("cachecontrol", "httpcore2", "httpx2", "psycopg", "psycopg-binary")
"""Packages that read their own metadata when they are imported. SQLAlchemy compares what psycopg reads."""

_OTHER_POWERTOOLS = "a utility of Powertools that no function uses"
_TYPES_OF_STRIPE = "types, which the SDK imports for type checkers only: half of its size"

_PARTS = {
    "av/include": "headers",
    "aws_lambda_powertools/event_handler": "routes are ours (shared/edge)",
    **{
        f"aws_lambda_powertools/utilities/{name}": _OTHER_POWERTOOLS
        for name in (
            "auth_alpha",
            "circuit_breaker",
            "data_masking",
            "feature_flags",
            "idempotency",
            "kafka",
            "parameters",
            "streaming",
            "validation",
        )
    },
    "pydantic/mypy.py": "a plug-in for a type checker",
    "pydantic/v1": "the pydantic before this one",
    "stripe/events": _TYPES_OF_STRIPE,
    "stripe/params": _TYPES_OF_STRIPE,
}
_FOLDER_NAMES = {"tests", "__pycache__"}
_SUFFIXES = {".pyi", ".pxd", ".pxi", ".pyx", ".c", ".h"}
_NAMES = {"py.typed"}


def is_pruned(path: PurePosixPath) -> bool:
    """Whether a file of a package, by its path from the bundle's root, is left out."""
    if path.parts[0].endswith(".dist-info"):
        return not (path.name == "METADATA" and _distribution(path.parts[0]) in ASKED_FOR_THEIR_VERSION)
    return (
        path.parts[0] in ("bin", "..")
        or path.suffix in _SUFFIXES
        or path.name in _NAMES
        or not _FOLDER_NAMES.isdisjoint(path.parts[:-1])
        or any(str(part) in _PARTS for part in (path, *path.parents))
    )


def _distribution(dist_info: str) -> str:
    return dist_info.partition("-")[0].replace("_", "-").lower()

"""No secret is in the tree: what detect-secrets knows of the forms of keys, tokens and passwords is looked for here.

Its entropy plug-ins stay out: they take every UUID and hash of ours for a key. Passwords given to names are Ruff's
matter (S105 and its like) in what is deployed.
"""

import importlib
import pkgutil
import re
from functools import cache
from typing import Any

import detect_secrets.plugins
from detect_secrets.plugins.base import RegexBasedDetector

from tests.architecture.source import project_files, text_of

INVENTED = {
    "AKIAIOSFODNN7EXAMPLE",  # AWS's own, of its documentation
    "eyJhbGciOiJSUzI1NiJ9.canary-of-a-jwt.",
    "://app:pass%40word@",
    "://canary:canary@",
    "://owner:password@",
    "://postgres.project:secret@",
    "://role:password@",
    "://user:hunter2@",
    "://user:pw@",
}
"""What looks like a secret, opens nothing, and has to stand in a test. A new one is looked at before it enters here."""

NO_SECRETS = {"IPPublicDetector"}
KNOWN = {
    # Put together here, so that this file holds none of them.
    "AWSKeyDetector": "AKIA" + "Q3EGRIOWO5XZ7M2K",
    "BasicAuthDetector": "https://somebody:" + "secret@example.com",
    "GitHubTokenDetector": "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx",
    "JwtTokenDetector": "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiIxIn0.dozjgNryP4J3jVmN",
    "PrivateKeyDetector": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "StripeDetector": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
}


@cache
def _patterns() -> list[tuple[str, "re.Pattern[str]"]]:
    found: list[tuple[str, re.Pattern[str]]] = []
    for file in pkgutil.iter_modules(detect_secrets.plugins.__path__):
        module = importlib.import_module(f"detect_secrets.plugins.{file.name}")
        for name, kind in vars(module).items():
            if _is_detector(kind) and kind.__module__ == module.__name__ and name not in NO_SECRETS:
                found += [(name, pattern) for pattern in kind.denylist]
    return found


def _is_detector(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, RegexBasedDetector) and kind is not RegexBasedDetector


def _secrets_in(text: str) -> list[tuple[str, str]]:
    hits = [(name, match.group()) for name, pattern in _patterns() for match in pattern.finditer(text)]
    return [(name, words) for name, words in hits if words not in INVENTED]


def test_no_file_holds_what_looks_like_a_secret() -> None:
    found = {
        f"{path}: {name}"  # not the words: this is printed
        for path in project_files()
        if path.parts[0] != "requirements"  # hashes
        for name, _ in _secrets_in(text_of(path) or "")
    }
    assert found == set()


def test_every_known_form_is_found() -> None:
    missed = [name for name, secret in KNOWN.items() if name not in dict(_secrets_in(f'key = "{secret}"'))]
    assert missed == []
    assert len({name for name, _ in _patterns()}) >= 20

"""The functions' payment settings, decided by the environment of `make serve`: the real Stripe's, or a local one's."""

from collections.abc import Mapping
from dataclasses import dataclass

_STRIPE = "https://api.stripe.com"
_LIVE_KEYS = ("sk_live_", "rk_live_")
_NOWHERE = "http://127.0.0.1:9"


class SecretMissing(SystemExit):
    """The real Stripe is to be used, and nobody said what its webhooks are signed with."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account at a Stripe: where it answers, its key, and what its webhooks are signed with."""

    base_url: str
    api_key: str
    webhook_secret: str
    previous_webhook_secret: str = ""

    @property
    def mode(self) -> str:
        """Whether its money is real, which the key tells."""
        return "live" if self.api_key.startswith(_LIVE_KEYS) else "test"


@dataclass(frozen=True, kw_only=True)
class ReturnPages:
    """Where Checkout leads to, unless the environment names pages."""

    success_url: str
    cancel_url: str


def is_real(environment: Mapping[str, str]) -> bool:
    """Whether the developer's own account at Stripe is to be used."""
    return bool(environment.get("STRIPE_API_KEY"))


def real_account(environment: Mapping[str, str]) -> Account:
    """The developer's account.

    Raises:
        SecretMissing: a key without a signing secret.
    """
    secret = environment.get("STRIPE_WEBHOOK_SECRET", "")
    if not secret:
        raise SecretMissing(
            "STRIPE_API_KEY is set, so the real Stripe is used: give STRIPE_WEBHOOK_SECRET too, for example the one"
            " that `stripe listen` prints."
        )
    return Account(
        base_url=environment.get("STRIPE_BASE_URL") or _STRIPE,
        api_key=environment["STRIPE_API_KEY"],
        webhook_secret=secret,
        previous_webhook_secret=environment.get("STRIPE_WEBHOOK_SECRET_PREVIOUS", ""),
    )


def payment_settings(environment: Mapping[str, str], account: Account, pages: ReturnPages) -> dict[str, str]:
    """The settings as the functions read them: `STRIPE_API_KEY`, `CHECKOUT_SUCCESS_URL`..."""
    return {
        "STRIPE_API_KEY": account.api_key,
        "STRIPE_BASE_URL": account.base_url,
        "STRIPE_MODE": account.mode,
        "STRIPE_WEBHOOK_SECRET": account.webhook_secret,
        "STRIPE_WEBHOOK_SECRET_PREVIOUS": account.previous_webhook_secret,
        "CHECKOUT_SUCCESS_URL": environment.get("CHECKOUT_SUCCESS_URL") or pages.success_url,
        "CHECKOUT_CANCEL_URL": environment.get("CHECKOUT_CANCEL_URL") or pages.cancel_url,
        "CREDIT_PACKAGES": environment.get("CREDIT_PACKAGES", ""),
    }


def settings_of_nobody() -> dict[str, str]:
    """Settings that functions start with and that lead nowhere, for whoever only measures or starts them."""
    account = Account(base_url=_NOWHERE, api_key="sk_test_nobody", webhook_secret="whsec_nobody")  # noqa: S106 - opens nothing
    return payment_settings({}, account, ReturnPages(success_url=_NOWHERE, cancel_url=_NOWHERE))

"""Which Stripe the local stack uses, and what it tells the functions of it."""

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dev.function_environment import LocalAddresses, function_environment
from dev.payment_settings import ReturnPages, SecretMissing, payment_settings, real_account, settings_of_nobody
from dev.payments_provider import SECRET_PATH, PaymentsProvider, payments_provider, secret_route
from dev.vendors.stripe_local import LocalStripe
from functions.catalogue import FUNCTIONS

REAL = {"STRIPE_API_KEY": "sk_test_mine", "STRIPE_WEBHOOK_SECRET": "whsec_mine"}


def settings_under(environment: dict[str, str], folder: Path) -> tuple[dict[str, str], LocalStripe | None, int]:
    """The settings, the local Stripe if there is one, and how the page after a payment answers."""

    async def started() -> tuple[dict[str, str], LocalStripe | None, int]:
        async with payments_provider(environment, folder) as provider, httpx.AsyncClient(trust_env=False) as http:
            page = await http.get(provider.settings["CHECKOUT_SUCCESS_URL"])
            return dict(provider.settings), provider.local, page.status_code

    return asyncio.run(started())


def test_without_a_key_a_local_stripe_is_started(tmp_path: Path) -> None:
    settings, local, page_status = settings_under({}, tmp_path)
    assert local is not None
    assert settings["STRIPE_BASE_URL"] == local.address
    assert settings["STRIPE_WEBHOOK_SECRET"] == local.signing_secret
    assert (settings["STRIPE_MODE"], settings["STRIPE_WEBHOOK_SECRET_PREVIOUS"]) == ("test", "")
    assert page_status == 200
    assert settings_under({}, tmp_path)[0]["STRIPE_WEBHOOK_SECRET"] == local.signing_secret


def test_with_a_key_the_real_stripe_is_used(tmp_path: Path) -> None:
    settings, local, page_status = settings_under(REAL, tmp_path)
    assert local is None
    assert settings["STRIPE_BASE_URL"] == "https://api.stripe.com"
    assert (settings["STRIPE_API_KEY"], settings["STRIPE_WEBHOOK_SECRET"]) == ("sk_test_mine", "whsec_mine")
    assert page_status == 200
    assert list(tmp_path.iterdir()) == []


def test_a_key_without_the_secret_of_its_webhooks_is_refused_with_advice() -> None:
    with pytest.raises(SecretMissing, match="STRIPE_WEBHOOK_SECRET"):
        real_account({"STRIPE_API_KEY": "sk_test_mine"})


@pytest.mark.parametrize(("key", "mode"), [("sk_live_x", "live"), ("rk_live_x", "live"), ("sk_test_x", "test")])
def test_the_key_tells_whether_money_is_real(key: str, mode: str) -> None:
    assert real_account({**REAL, "STRIPE_API_KEY": key}).mode == mode


def test_what_the_environment_names_goes_before_our_own() -> None:
    pages = {
        "CHECKOUT_SUCCESS_URL": "https://app.example.com/paid",
        "CHECKOUT_CANCEL_URL": "https://app.example.com/left",
    }
    environment = {**REAL, **pages, "CREDIT_PACKAGES": "[]", "STRIPE_WEBHOOK_SECRET_PREVIOUS": "whsec_old"}
    settings = settings_with(environment)
    assert settings.items() >= environment.items()


def settings_with(environment: dict[str, str]) -> dict[str, str]:
    return payment_settings(environment, real_account(environment), ReturnPages(success_url="", cancel_url=""))


def test_every_function_finds_its_payment_settings() -> None:
    local = LocalAddresses(
        database_url=lambda role: role, queue_url="q", object_url="o", providers=dict.fromkeys(_provider_names(), "x")
    )
    for function in FUNCTIONS:
        given = function_environment(function, local)
        named = {name for name in (*function.settings, *function.secrets) if name in settings_of_nobody()}
        assert named <= set(given), function.name


def _provider_names() -> list[str]:
    parts = ("PROVIDER", "BASE_URL", "MODEL", "API_KEY")
    kinds = [f"{name}{choice}" for name in ("SPEECH", "VISION", "EMBEDDING", "CHAT") for choice in ("", "_FALLBACK")]
    return [f"{kind}_{part}" for kind in (*kinds, "EMBEDDING_PREVIOUS") for part in parts]


def test_the_signing_secret_is_told_for_the_local_stripe_only() -> None:
    local = LocalStripe()
    try:
        for provider, status in ((local, 200), (None, 404)):
            route = secret_route(PaymentsProvider(settings={}, local=provider))
            answer = TestClient(Starlette(routes=[route])).get(SECRET_PATH)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
            assert (answer.text == local.signing_secret) == (status == 200)
    finally:
        local.close()

"""Who takes the money: the real Stripe when its key is in the environment, else a local one."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dev.localhost import serving
from dev.payment_settings import Account, ReturnPages, is_real, payment_settings, real_account
from dev.vendors.stripe_app import create_app
from dev.vendors.stripe_checkout_page import LEFT_PATH, PAID_PATH, after_payment_routes
from dev.vendors.stripe_local import LocalStripe

STATE_FILE = "stripe.json"
SECRET_PATH = "/dev/stripe/secret"  # noqa: S105 - a path
WEBHOOK_PATH = "/api/webhooks/stripe"


@dataclass(frozen=True, kw_only=True)
class PaymentsProvider:
    """What the functions are told of it; `local` is None when it is the real one."""

    settings: Mapping[str, str]
    local: LocalStripe | None


@contextlib.asynccontextmanager
async def payments_provider(environment: Mapping[str, str], data_dir: Path) -> AsyncGenerator[PaymentsProvider]:
    """Start what is needed of it; a local Stripe keeps its state in `data_dir`.

    Raises:
        SecretMissing: a key without a signing secret.
    """
    if is_real(environment):
        account = real_account(environment)
        async with serving(Starlette(routes=after_payment_routes())) as url:
            yield PaymentsProvider(settings=payment_settings(environment, account, _pages_at(url)), local=None)
        return
    local = await asyncio.to_thread(LocalStripe, path=data_dir / STATE_FILE)
    try:
        async with serving(create_app(local)) as url:
            local.listens_at(url)
            account = Account(base_url=url, api_key=local.api_key, webhook_secret=local.signing_secret)
            yield PaymentsProvider(settings=payment_settings(environment, account, _pages_at(url)), local=local)
    finally:
        await asyncio.to_thread(local.close)


@contextlib.contextmanager
def delivering(provider: PaymentsProvider, gateway_url: str) -> Generator[None]:
    """Let a local Stripe's webhooks come to the gateway, as long as it answers."""
    if provider.local is None:
        yield
        return
    provider.local.deliver_to(gateway_url + WEBHOOK_PATH)
    try:
        yield
    finally:
        provider.local.deliver_to(None)


def secret_route(provider: PaymentsProvider) -> Route:
    """`GET /dev/stripe/secret`: what the local Stripe signs with, so that anyone can send an event by hand."""

    async def secret(_request: Request) -> Response:
        if provider.local is None:
            return PlainTextResponse("The real Stripe is used: its secret is yours to keep.\n", status_code=404)
        return PlainTextResponse(provider.local.signing_secret)

    return Route(SECRET_PATH, secret)


def _pages_at(url: str) -> ReturnPages:
    return ReturnPages(success_url=url + PAID_PATH, cancel_url=url + LEFT_PATH)

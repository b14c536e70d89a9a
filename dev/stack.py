"""The whole product on this machine: what AWS would run, started, wired from the catalogue, and stopped."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Router

from dev import aws_emulator
from dev.accounts_vendor import accounts_vendor
from dev.appointing import appointing
from dev.aws_emulator import AwsEmulator, QueueSpec, start_aws_emulator
from dev.child_process import child
from dev.data_folder import opened
from dev.dispatcher import Dispatcher, bindings_of
from dev.function_environment import ACCESS_KEY, BUCKET, SECRET_KEY, LocalAddresses, function_environment
from dev.gateway.app import Gateway, GatewaySettings
from dev.gateway.authorizer import JwtAuthorizer
from dev.gateway.cors import cors_of
from dev.gateway.routing import routes_of
from dev.issuer import JWKS_PATH, Issuer, issuer_routes, open_issuer
from dev.lambda_runtime.invocation import REGION
from dev.lambda_runtime.pool import FunctionPool
from dev.localhost import serving
from dev.object_edge.app import create_app
from dev.object_edge.restore import restore
from dev.object_edge.rights import rights_of
from dev.openapi.page import page_routes
from dev.payments_provider import delivering, payments_provider, secret_route
from dev.postgres import Postgres
from dev.providers import is_anything_local, provider_settings
from dev.push_vendor import push_vendor
from dev.scheduler import Scheduler, schedules_of
from dev.settings import Bundles, StackSettings
from dev.vault_keys import vault_settings
from dev.vendors.fcm_page import push_routes
from dev.vendors.identity_local import LocalPeople
from functions.catalogue import FUNCTIONS, NOTICED_PREFIX, OBJECT_CREATED_QUEUE, QUEUES, Function
from functions.catalogue.settings import EDGE_SETTINGS
from shared.db.connection import Database
from shared.db.migrate import migrate

ServerT = TypeVar("ServerT", Postgres, AwsEmulator)

PROJECT = "second-brain-local"
DATABASE = "second_brain"
_TASK_ROOT = Path(__file__).resolve().parents[1]
_MAX_API_PROCESSES = 4


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A running stack."""

    url: str
    issuer: Issuer
    providers: Mapping[str, str]
    stripe_url: str | None
    """The local Stripe's dashboard; None when the real one is used."""
    has_local_phones: bool
    """Whether `/dev/push` shows what phones would; not with the real Firebase."""
    log_path: Path
    pools: Mapping[str, FunctionPool]
    """Every function's processes, by its name."""


@contextlib.asynccontextmanager
async def running(settings: StackSettings) -> AsyncGenerator[Stack]:
    """Start everything, yield when requests are answered, and leave no process behind.

    Raises:
        PortTaken: somebody listens at the port already.
        FolderTaken: another stack uses the data folder.
        SecretMissing: a key for Stripe without the secret of its webhooks.
        ProjectMissing: credentials for Firebase without its project.
    """
    log_path = settings.data_dir / "stack.log"
    async with AsyncExitStack() as exits:
        exits.enter_context(opened(settings.data_dir, is_reset=settings.is_reset))
        log = exits.enter_context(_log_file(log_path))
        postgres, emulator, ai_url = await _start_servers(exits, settings, log_path)
        push = await exits.enter_async_context(push_vendor(settings.environment, settings.data_dir, project=PROJECT))
        people = LocalPeople()
        accounts = await exits.enter_async_context(accounts_vendor(people, settings.data_dir, project=PROJECT))
        object_url = await _start_bucket(exits, settings, emulator)
        payments = await exits.enter_async_context(payments_provider(settings.environment, settings.data_dir))
        local = LocalAddresses(
            database_url=partial(postgres.url, DATABASE),
            queue_url=emulator.endpoint_url,
            object_url=object_url,
            providers=provider_settings(settings.environment, local_url=ai_url),
            payments=payments.settings,
            push=push.settings,
            accounts=accounts,
            edge={name: settings.environment.get(name, "") for name in EDGE_SETTINGS},
            vault=vault_settings(settings.data_dir),
        )
        pools = {
            function.name: _pool(function, local, settings.bundles, log)
            for function in FUNCTIONS
            if _is_woken(function)
        }
        for pool in pools.values():
            exits.push_async_callback(pool.stop)
        owner = Database(local.database_url("postgres"))
        exits.callback(owner.close)
        issuer = open_issuer(settings.data_dir, project=PROJECT, people=people, appoint=appointing(owner))
        beside = [*issuer_routes(issuer), secret_route(payments), *push_routes(push.local), *page_routes()]
        url = await _start_gateway(exits, settings, pools, issuer, beside)
        if settings.is_warm:
            # A process of every function, so that nobody waits for an import.
            await asyncio.gather(*(pool.prewarm() for pool in pools.values()))
        await _wake(exits, pools, emulator, log)
        exits.enter_context(delivering(payments, url))
        yield Stack(
            url=url,
            issuer=issuer,
            providers=local.providers,
            stripe_url=payments.local.address if payments.local else None,
            has_local_phones=push.local is not None,
            log_path=log_path,
            pools=pools,
        )


async def _start_servers(
    exits: AsyncExitStack, settings: StackSettings, log_path: Path
) -> tuple[Postgres, AwsEmulator, str]:
    """Database, queues and local AI, side by side."""

    async def postgres() -> Postgres:
        return await _started(exits, lambda: _migrated(settings.data_dir / "postgres"))

    async def emulator() -> AwsEmulator:
        return await _started(exits, lambda: start_aws_emulator(log_path=log_path))

    async def local_ai() -> str:
        if not is_anything_local(provider_settings(settings.environment, local_url="")):
            return ""
        return await exits.enter_async_context(
            child("dev.vendors.ai_server", "--port", "0", "--warm", log_path=log_path)
        )

    # A group, for it waits for all of them when it is cancelled; gather would not.
    async with asyncio.TaskGroup() as group:
        tasks = group.create_task(postgres()), group.create_task(emulator()), group.create_task(local_ai())
    return tasks[0].result(), tasks[1].result(), tasks[2].result()


async def _started(exits: AsyncExitStack, start: Callable[[], ServerT]) -> ServerT:
    """Start a server in a thread; being cancelled meanwhile must not leave it running."""
    starting = asyncio.ensure_future(asyncio.to_thread(start))
    try:
        server = await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.to_thread((await starting).stop)
        raise
    exits.push_async_callback(asyncio.to_thread, server.stop)
    return server


def _migrated(folder: Path) -> Postgres:
    server = Postgres.start(folder)
    server.create_database(DATABASE)
    migrate(server.url(DATABASE))
    return server


async def _start_bucket(exits: AsyncExitStack, settings: StackSettings, emulator: AwsEmulator) -> str:
    """Bucket with what it held, then queues, then notices: so that restoring wakes nobody. Returns its address."""
    endpoint = emulator.endpoint_url
    archive = settings.data_dir / "objects"
    await asyncio.to_thread(aws_emulator.create_bucket, endpoint, BUCKET, region=REGION)
    await restore(endpoint, archive, region=REGION)
    queues = await asyncio.to_thread(aws_emulator.create_queues, endpoint, _queue_specs(), region=REGION)
    created = queues[OBJECT_CREATED_QUEUE]
    # Phones write under sessions/ only; under parts/ lies what we make ourselves.
    await asyncio.to_thread(aws_emulator.notify, endpoint, BUCKET, created, region=REGION, prefix=NOTICED_PREFIX)
    edge = create_app(
        endpoint,
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        region=REGION,
        archive_folder=archive,
        rights=rights_of(ACCESS_KEY, FUNCTIONS),
    )
    return await exits.enter_async_context(serving(edge))


def _queue_specs() -> list[QueueSpec]:
    return [
        QueueSpec(
            name=queue.name,
            visibility_timeout_seconds=queue.visibility_timeout_seconds,
            max_receive_count=queue.max_receive_count,
        )
        for queue in QUEUES
    ]


def _is_woken(function: Function) -> bool:
    return bool(function.routes or function.queues or function.every_seconds)


def _pool(
    function: Function, local: LocalAddresses, bundles: Bundles | None, log: Callable[[str], None]
) -> FunctionPool:
    concurrency = sum(trigger.max_concurrency for trigger in function.queues) or _MAX_API_PROCESSES
    return FunctionPool(
        function,
        environment=function_environment(function, local),
        task_root=bundles.folders[function.family] if bundles else _TASK_ROOT,
        client=bundles.client if bundles else None,
        log=log,
        max_processes=function.reserved_concurrency or min(concurrency, _MAX_API_PROCESSES),
    )


async def _start_gateway(
    exits: AsyncExitStack,
    settings: StackSettings,
    pools: Mapping[str, FunctionPool],
    issuer: Issuer,
    beside: Sequence[BaseRoute],
) -> str:
    """The gateway, and other routes beside it, on one port. Returns its address."""
    # The authorizer fetches the public key from a server of the issuer's own, as it would from Google's.
    issuer_url = await exits.enter_async_context(serving(Starlette(routes=issuer_routes(issuer))))
    gateway = Gateway(
        routes=routes_of(FUNCTIONS),
        functions=pools,
        authorizer=JwtAuthorizer(issuer=issuer.url, audience=issuer.project, jwks_url=issuer_url + JWKS_PATH),
        settings=GatewaySettings(cors=cors_of(settings.environment)),
    )
    exits.push_async_callback(gateway.stop)
    # As what is left over, not as a Mount: whose pattern takes no line feed in a path.
    app = Router(routes=beside, default=gateway, redirect_slashes=False)
    return await exits.enter_async_context(serving(app, settings.port))


async def _wake(
    exits: AsyncExitStack, pools: Mapping[str, FunctionPool], emulator: AwsEmulator, log: Callable[[str], None]
) -> None:
    """Start the pollers and the schedules."""
    dispatcher = Dispatcher(emulator.endpoint_url, bindings=bindings_of(FUNCTIONS, pools), log=log)
    exits.push_async_callback(dispatcher.stop)
    await dispatcher.start()
    scheduler = Scheduler(schedules_of(FUNCTIONS, pools), log=log)
    exits.push_async_callback(scheduler.stop)
    await scheduler.start()


@contextlib.contextmanager
def _log_file(path: Path) -> Generator[Callable[[str], None]]:
    with path.open("a", encoding="utf-8", buffering=1) as file:

        def write(line: str) -> None:
            file.write(line + "\n")

        yield write

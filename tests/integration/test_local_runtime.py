"""The local Lambda runtime: real processes, the real runtime client."""

import asyncio
import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from tests.fixtures.local_runtime import ROOT, SAMPLE, eventually, is_running, pool_of


def test_a_function_answers_and_stays_warm() -> None:
    async def story() -> None:
        async with pool_of() as pool:
            first = await pool.invoke({"action": "describe"})
            second = await pool.invoke({"action": "describe"})
        assert first.was_cold
        assert not second.was_cold
        assert first.error is None
        assert (first.payload["calls"], second.payload["calls"]) == (1, 2)
        assert first.payload["pid"] == second.payload["pid"]

    asyncio.run(story())


def test_the_context_is_the_one_of_lambda() -> None:
    async def story() -> None:
        async with pool_of(timeout_seconds=7) as pool:
            result = await pool.invoke(
                {"action": "describe"},
                request_id="a-request",
                trace_id="Root=1-5fff599f-6fca6ee66e37fe5e518eb45b",
            )
        seen = result.payload
        assert result.request_id == seen["request_id"] == "a-request"
        assert seen["arn"] == "arn:aws:lambda:us-east-1:123456789012:function:sample"
        assert (seen["name"], seen["version"], seen["memory"]) == ("sample", "$LATEST", "512")
        assert 5_000 < seen["remaining_ms"] <= 7_000
        environment = seen["environment"]
        assert environment["_X_AMZN_TRACE_ID"] == "Root=1-5fff599f-6fca6ee66e37fe5e518eb45b"
        assert environment["_HANDLER"] == SAMPLE
        assert environment["LAMBDA_TASK_ROOT"] == str(ROOT)
        assert environment["AWS_REGION"] == "us-east-1"
        assert environment["TZ"] == ":UTC"

    asyncio.run(story())


def test_only_the_given_environment_reaches_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of-the-developer")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("AWS_PROFILE", "work")

    async def story() -> dict[str, str]:
        async with pool_of(environment={"DATABASE_URL": "given"}) as pool:
            return (await pool.invoke({"action": "describe"})).payload["environment"]

    environment = asyncio.run(story())
    assert environment["DATABASE_URL"] == "given"
    assert not {"OPENAI_API_KEY", "PYTHONDONTWRITEBYTECODE", "AWS_PROFILE", "HOME"} & set(environment)


def test_busy_processes_get_company_up_to_the_limit_and_then_calls_wait_their_turn() -> None:
    async def story() -> None:
        async with pool_of(max_processes=2) as pool:
            calls = [pool.invoke({"action": "sleep", "seconds": 0.2}) for _ in range(5)]
            results = await asyncio.gather(*calls)
            assert len(pool.pids) == 2
        assert len({result.payload["pid"] for result in results}) == 2
        assert sum(result.was_cold for result in results) == 2

    asyncio.run(story())


def test_waiting_calls_are_served_in_order_of_arrival() -> None:
    async def story() -> None:
        async with pool_of(max_processes=1) as pool:
            finished: list[int] = []

            async def call(number: int) -> None:
                await pool.invoke({"action": "echo"})
                finished.append(number)

            await asyncio.gather(*(call(number) for number in range(6)))
        assert finished == list(range(6))

    asyncio.run(story())


def test_an_exception_is_reported_with_its_trace_and_the_process_goes_on() -> None:
    async def story() -> None:
        async with pool_of() as pool:
            failed = await pool.invoke({"action": "raise"})
            after = await pool.invoke({"action": "describe"})
        assert failed.error is not None
        assert (failed.error.error_type, failed.error.error_message) == ("KeyError", "'missing'")
        assert any("sample.py" in line for line in failed.error.stack_trace)
        assert not after.was_cold
        assert after.payload["calls"] == 2

    asyncio.run(story())


def test_an_answer_that_is_not_json_is_the_functions_error() -> None:
    async def story() -> None:
        async with pool_of() as pool:
            result = await pool.invoke({"action": "unserialisable"})
        assert result.error is not None
        assert result.error.error_type == "Runtime.MarshalError"

    asyncio.run(story())


def test_a_function_over_its_timeout_is_killed_and_the_next_call_starts_afresh() -> None:
    async def story() -> None:
        async with pool_of(timeout_seconds=1) as pool:
            await pool.prewarm()
            (pid,) = pool.pids
            late = await pool.invoke({"action": "sleep", "seconds": 30}, request_id="late-one")
            assert not is_running(pid)
            after = await pool.invoke({"action": "echo"})
        assert late.error is not None
        assert late.error.error_type == "Sandbox.Timedout"
        assert late.error.error_message == "RequestId: late-one Error: Task timed out after 1.00 seconds"
        assert 950 < late.duration_ms < 2_500
        assert after.was_cold
        assert after.error is None

    asyncio.run(story())


@pytest.mark.parametrize(
    ("code", "reason"),
    [(1, "Runtime exited with error: exit status 1"), (0, "Runtime exited without providing a reason")],
)
def test_a_function_that_exits_is_reported_and_replaced(code: int, reason: str) -> None:
    async def story() -> None:
        async with pool_of() as pool:
            crashed = await pool.invoke({"action": "exit", "code": code}, request_id="r")
            after = await pool.invoke({"action": "echo"})
        assert crashed.error is not None
        assert crashed.error.error_type == "Runtime.ExitError"
        assert crashed.error.error_message == f"RequestId: r Error: {reason}"
        assert after.was_cold
        assert after.error is None

    asyncio.run(story())


def test_a_process_killed_while_idle_is_replaced_without_an_error() -> None:
    async def story() -> None:
        async with pool_of() as pool:
            await pool.prewarm()
            (pid,) = pool.pids
            os.kill(pid, signal.SIGKILL)
            await eventually(lambda: not pool.pids)
            result = await pool.invoke({"action": "echo"})
        assert result.error is None
        assert result.was_cold

    asyncio.run(story())


@pytest.mark.parametrize(
    ("handler", "error_type"),
    [
        ("tests.fixtures.functions.broken_import.handler", "Runtime.ImportModuleError"),
        ("tests.fixtures.functions.no_such_file.handler", "Runtime.ImportModuleError"),
        ("tests.fixtures.functions.sample.no_such_handler", "Runtime.HandlerNotFound"),
        ("tests.fixtures.functions.exits_at_import.handler", "Runtime.ExitError"),
    ],
)
def test_a_function_that_cannot_start_says_why_each_time(handler: str, error_type: str) -> None:
    async def story() -> None:
        async with pool_of(handler) as pool:
            results = [await pool.invoke({}), await pool.invoke({})]
            assert not pool.pids
        for result in results:
            assert result.error is not None
            assert result.error.error_type == error_type

    asyncio.run(story())


def test_answers_up_to_six_megabytes_pass_and_larger_ones_are_an_error() -> None:
    async def story() -> None:
        async with pool_of() as pool:
            fits = await pool.invoke({"action": "large", "size": 6_291_000})
            too_large = await pool.invoke({"action": "large", "size": 6_300_000})
            after = await pool.invoke({"action": "echo"})
        assert len(fits.payload) == 6_291_000
        assert too_large.error is not None
        assert too_large.error.error_type == "Function.ResponseSizeTooLarge"
        assert after.error is None

    asyncio.run(story())


def test_an_event_over_six_megabytes_is_refused_before_the_function() -> None:
    async def story() -> None:
        async with pool_of() as pool:
            fits = await pool.invoke({"action": "echo", "text": "x" * 6_000_000})
            refused = await pool.invoke({"action": "echo", "text": "x" * 6_300_000})
        assert len(fits.payload["text"]) == 6_000_000
        assert refused.error is not None
        assert refused.error.error_type == "Function.RequestSizeTooLarge"

    asyncio.run(story())


def test_what_a_function_prints_reaches_the_log_line_by_line() -> None:
    lines: list[str] = []

    async def story() -> None:
        async with pool_of(log=lines.append) as pool:
            await pool.invoke({"action": "print", "text": "two\nlines, é"})
            await eventually(lambda: len(lines) >= 3)

    asyncio.run(story())
    assert set(lines[:3]) == {"sample | two", "sample | lines, é", "sample | to stderr"}


def test_after_stop_no_process_is_left_even_with_calls_in_flight() -> None:
    async def story() -> None:
        async with pool_of(max_processes=2) as pool:
            await pool.prewarm(2)
            pids = pool.pids
            calls = [asyncio.create_task(pool.invoke({"action": "sleep", "seconds": 60})) for _ in range(4)]
            await asyncio.sleep(0)
            await pool.stop()
            assert not [pid for pid in pids if is_running(pid)]
            results: list[Any] = await asyncio.gather(*calls)
            assert {result.error.error_type for result in results} <= {"Runtime.ExitError", "Pool.Stopped"}
            assert not pool.pids

    asyncio.run(story())


def test_processes_die_with_a_parent_that_is_killed() -> None:
    code = f"""
import asyncio
from pathlib import Path
from dev.lambda_runtime.pool import FunctionPool
from functions.catalogue import Function

async def main():
    function = Function(name="sample", handler={SAMPLE!r}, family="plain", timeout_seconds=60)
    pool = FunctionPool(function, environment={{}}, task_root=Path.cwd(), log=str)
    await pool.prewarm()
    print(*pool.pids, flush=True)
    await pool.invoke({{"action": "sleep", "seconds": 60}})

asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
    asyncio.run(eventually(lambda: not is_running(pid)))

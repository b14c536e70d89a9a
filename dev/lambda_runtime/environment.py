"""The environment variables of a function's process: what Lambda sets and what it is given, no more."""

import os
import secrets
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from dev.lambda_runtime.invocation import REGION
from functions.catalogue import Function


def process_environment(
    function: Function,
    *,
    given: Mapping[str, str],
    task_root: Path,
    runtime_api: str,
    client: Path | None = None,
    is_restored: bool = False,
) -> dict[str, str]:
    """All variables of a process of `function`. Nothing else of the developer's shell gets in but PATH.

    What is imported is looked for in `task_root`, then in `client`, as Lambda looks in the bundle, then in its image.
    """
    python_path = os.pathsep.join(str(folder) for folder in (task_root, client) if folder is not None)
    reserved = _reserved(function, task_root=task_root, runtime_api=runtime_api)
    started = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start" if is_restored else "on-demand"}
    return {**_base(python_path), **given, **reserved, **started}


def _base(python_path: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": python_path,
        # Without these, botocore finds the developer's own ~/.aws, or asks the network for credentials.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _reserved(function: Function, *, task_root: Path, runtime_api: str) -> dict[str, str]:
    return {
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": str(task_root),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{secrets.token_hex(16)}",
        # From python3.12 on, this makes the client wait for work in a thread, as it does in Lambda.
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }

"""Who reaches phones is decided by the environment: the real Firebase with its key, else a local FCM."""

import asyncio
import json
from pathlib import Path

import pytest

from dev.push_vendor import KEY_FILE, ProjectMissing, PushVendor, push_vendor


async def vendor_with(environment: dict[str, str], folder: Path) -> PushVendor:
    async with push_vendor(environment, folder, project="here") as vendor:
        return vendor


def test_without_a_key_phones_are_local_and_the_key_outlives_a_restart(tmp_path: Path) -> None:
    first, second = (asyncio.run(vendor_with({}, tmp_path)) for _ in range(2))
    accounts = [json.loads(vendor.settings["FIREBASE_CREDENTIALS"]) for vendor in (first, second)]
    assert accounts[0]["private_key"] == accounts[1]["private_key"]
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert first.local is not None
    assert first.settings["FCM_BASE_URL"].startswith("http://127.0.0.1:")
    assert accounts[0]["token_uri"].startswith(first.settings["FCM_BASE_URL"])


def test_with_a_key_the_real_firebase_is_used(tmp_path: Path) -> None:
    vendor = asyncio.run(vendor_with({"FIREBASE_CREDENTIALS": "{}", "FIREBASE_PROJECT_ID": "p"}, tmp_path))
    assert vendor.local is None
    assert vendor.settings == {
        "FIREBASE_CREDENTIALS": "{}",
        "FIREBASE_PROJECT_ID": "p",
        "FCM_BASE_URL": "https://fcm.googleapis.com",
    }
    assert list(tmp_path.iterdir()) == []


def test_a_key_without_its_project_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(ProjectMissing, match="FIREBASE_PROJECT_ID"):
        asyncio.run(vendor_with({"FIREBASE_CREDENTIALS": "{}"}, tmp_path))

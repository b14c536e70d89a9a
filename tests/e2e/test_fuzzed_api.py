"""Schemathesis finds nothing in the running stack: no 5xx, and no answer that the document does not promise."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.e2e.phone import Phone
from tests.e2e.served import serve
from tests.fixtures.api_document import OPERATIONS
from tests.fixtures.api_fuzzer import Target, fuzz
from tests.fixtures.security_table import RecordSecurity, SecurityRow
from tests.fixtures.seeds import seed_of_this_run

FEWEST = 5_000
EXAMPLES = 55  # random cases for each operation, at most
THINGS = 20


@pytest.fixture
def unlimited(tmp_path: Path, http: httpx.Client) -> Iterator[Phone]:
    """Somebody at a stack of their own, who may come as often as they like."""
    stack = serve(tmp_path / "served", {"RATE_LIMITS": "off"})
    yield Phone(url=stack.url, http=http)
    assert stack.stop() == 0


@pytest.mark.timeout(900)
def test_whatever_is_sent_is_answered_as_the_document_promises(
    unlimited: Phone, tmp_path: Path, record_security: RecordSecurity
) -> None:
    fuzzed = fuzz(target_of(unlimited), tmp_path, seed=seed_of_this_run(), examples=EXAMPLES)
    assert fuzzed.wrong == [], "\n\n".join(fuzzed.wrong)
    assert fuzzed.cases >= FEWEST
    record_security(
        SecurityRow(
            test="Schemathesis over the running local stack",
            size=f"{fuzzed.cases:,} cases of {len(OPERATIONS)} operations, in all phases",
            found="0 5xx, 0 undocumented statuses, types, headers or shapes",
        )
    )


def target_of(phone: Phone) -> Target:
    """A user with sessions, blocks and devices, whose token is an administrator's as well."""
    ids: dict[str, list[str]] = {"session_id": [], "block_id": [], "device_id": []}
    for number in range(THINGS):
        session_id, device_id = phone.open_session(), str(uuid4())
        block = {"block_type": "marker", "text_content": f"Note {number}"}
        ids["session_id"].append(session_id)
        ids["block_id"].append(phone.call("POST", f"/api/sessions/{session_id}/blocks", block)["id"])
        phone.call("PUT", f"/api/me/devices/{device_id}", {"fcm_token": f"token-{device_id}"})
        ids["device_id"].append(device_id)
    leaving = Phone(url=phone.url, http=phone.http).token()
    return Target(url=phone.url, token=phone.token(role="admin"), leaving=leaving, ids=ids)

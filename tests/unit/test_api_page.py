"""The page that shows the API is made of files that are here, and of nothing from elsewhere."""

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dev.openapi.page import page_routes


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=page_routes()))


def test_everything_the_page_names_is_there(client: TestClient) -> None:
    page = client.get("/dev/api")
    named = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert len(named) == 3
    for address in named:
        answer = client.get(address)
        assert (answer.status_code, len(answer.content) > 100) == (200, True), address


def test_the_page_names_nothing_outside(client: TestClient) -> None:
    assert "//" not in re.sub(r"<!doctype[^>]*>", "", client.get("/dev/api").text)


@pytest.mark.parametrize("name", ["swagger-ui.js", "..%2f..%2f__init__.py", "LICENSE"])
def test_no_other_file_is_shown(client: TestClient, name: str) -> None:
    assert client.get(f"/dev/api/{name}").status_code == 404

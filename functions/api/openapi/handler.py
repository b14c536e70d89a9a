"""Builds the openapi function, which needs nothing but the document beside it."""

import json
from pathlib import Path

from functions.api.openapi.routes import Routes
from functions.api.openapi.schemas import DocumentOut
from shared.edge.http import open_handler

document = DocumentOut(**json.loads(Path(__file__).with_name("openapi.json").read_text(encoding="utf-8")))
handler = open_handler(Routes(document=document).endpoints())

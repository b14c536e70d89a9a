"""`GET /dev/api`: the document of the API as a page to read and to try, by Swagger UI's files out of its package."""

from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

PAGE_PATH = "/dev/api"

_FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
# The token is this machine's own, and good for an hour: whoever reads the page may call what it shows.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Second Brain: the API</title>
<link rel="icon" href="/dev/api/favicon-32x32.png">
<link rel="stylesheet" href="/dev/api/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="/dev/api/swagger-ui-bundle.js"></script>
<script>
const page = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  onComplete: async () => {
    const token = await (await fetch("/dev/token?uid=reader-of-the-page")).text();
    page.preauthorizeApiKey("idToken", token);
  },
});
</script>
</body>
</html>
"""


def page_routes() -> list[BaseRoute]:
    """The page, and the files it is made of; nothing is fetched from anywhere else."""

    async def shown(_request: Request) -> Response:
        return HTMLResponse(_PAGE)

    async def file(request: Request) -> Response:
        name: str = request.path_params["name"]
        return FileResponse(_folder() / name, media_type=_FILES[name]) if name in _FILES else Response(status_code=404)

    return [Route(PAGE_PATH, shown), Route(f"{PAGE_PATH}/{{name}}", file)]


def _folder() -> Path:
    """Where the package's files are. It is a Django application, and is never imported (requirements/page.txt)."""
    found = find_spec("drf_spectacular_sidecar")
    if found is None or found.origin is None:
        raise RuntimeError("The page's files are not installed: see requirements/page.txt")
    return Path(found.origin).parent / "static" / "drf_spectacular_sidecar" / "swagger-ui-dist"

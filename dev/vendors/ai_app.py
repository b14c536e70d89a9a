"""The local AI server's routes: OpenAI's paths, also under Groq's prefix and, as DeepSeek has them, without any."""

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dev.vendors import ai_chat, ai_minilm, ai_speech, ai_vision
from dev.vendors.ai_body_limit import BodyLimit
from dev.vendors.ai_chat import completion_json
from dev.vendors.ai_embeddings import embeddings_json
from dev.vendors.ai_errors import ApiError, answer_api_error, error_response
from dev.vendors.ai_models import Models
from dev.vendors.ai_transcription import answer_transcription, read_transcription
from dev.vendors.ai_wire import ChatRequest, EmbeddingRequest, read_json

PREFIXES = ("", "/v1", "/openai/v1")
SERVED_MODELS = (ai_minilm.MODEL, ai_speech.MODEL, ai_vision.MODEL, ai_chat.EXTRACTOR)

Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(models: Models) -> Starlette:
    """The server as an ASGI app; `models` are closed when it shuts down."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        yield
        await run_in_threadpool(models.decoders.close)

    return Starlette(
        routes=[Route("/health", _health), *_routes(models)],
        middleware=[Middleware(BodyLimit)],
        exception_handlers={
            ApiError: answer_api_error,
            HTTPException: _answer_http_exception,
            Exception: _answer_surprise,
        },
        lifespan=lifespan,
    )


def _routes(models: Models) -> list[Route]:
    async def embed(request: Request) -> Response:
        asked = await read_json(request, EmbeddingRequest)
        return JSONResponse(await run_in_threadpool(lambda: embeddings_json(asked, models.embedder())))

    async def chat(request: Request) -> Response:
        asked = await read_json(request, ChatRequest)
        return JSONResponse(await run_in_threadpool(completion_json, asked, models.embedder, models.reader))

    async def transcribe(request: Request) -> Response:
        return await answer_transcription(await read_transcription(request), models.decoders)

    endpoints: dict[str, Endpoint] = {
        "/embeddings": embed,
        "/chat/completions": chat,
        "/audio/transcriptions": transcribe,
    }
    posts = [Route(prefix + path, do, methods=["POST"]) for prefix in PREFIXES for path, do in endpoints.items()]
    return [*posts, *(Route(f"{prefix}/models", _list_models) for prefix in PREFIXES)]


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "healthy"})


async def _list_models(_request: Request) -> Response:
    entries = [{"id": name, "object": "model", "created": 0, "owned_by": "local"} for name in SERVED_MODELS]
    return JSONResponse({"object": "list", "data": entries})


def _answer_http_exception(_request: Request, error: Exception) -> Response:
    """Unknown paths, wrong methods and broken multipart bodies, in OpenAI's shape too."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return error_response(ApiError(status, str(getattr(error, "detail", "Unexpected error"))))


def _answer_surprise(_request: Request, _error: Exception) -> Response:
    return error_response(ApiError(500, "The local AI server failed; its standard error says why."))

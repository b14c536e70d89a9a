"""The requests the local AI server reads, as far as it reads them; unknown fields are the SDKs' business."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from dev.vendors.ai_errors import ApiError, invalid

MOST_INPUTS = 2_048
LEAST_DIMENSIONS = 384
MOST_DIMENSIONS = 1_536

Shape = TypeVar("Shape", bound=BaseModel)
NotEmpty = Annotated[str, Field(min_length=1)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class EmbeddingRequest(_Shape):
    """POST /v1/embeddings."""

    input: NotEmpty | Annotated[tuple[NotEmpty, ...], Field(min_length=1, max_length=MOST_INPUTS)]
    dimensions: Annotated[int, Field(ge=LEAST_DIMENSIONS, le=MOST_DIMENSIONS)] = MOST_DIMENSIONS
    encoding_format: Literal["float", "base64"] = "float"

    @property
    def texts(self) -> tuple[str, ...]:
        """The input as a list, also when one text was sent."""
        return (self.input,) if isinstance(self.input, str) else self.input


class ImageUrl(_Shape):
    """Where a picture is: only `data:` URLs are read."""

    url: str


class Part(_Shape):
    """One piece of a message: text or a picture."""

    type: str
    text: str = ""
    image_url: ImageUrl | None = None


class Message(_Shape):
    """One turn of the conversation."""

    role: str
    content: str | tuple[Part, ...] | None = None

    @property
    def text(self) -> str:
        """All the text in the message."""
        if isinstance(self.content, tuple):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""

    @property
    def picture_url(self) -> str | None:
        """The first picture's URL, if there is one."""
        parts = self.content if isinstance(self.content, tuple) else ()
        return next((part.image_url.url for part in parts if part.image_url), None)


class JsonSchema(_Shape):
    """The schema an answer must follow."""

    json_schema: dict[str, Any] = Field(default_factory=dict[str, Any], alias="schema")


class ResponseFormat(_Shape):
    """How the answer is wanted."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    json_schema: JsonSchema | None = None


class ChatRequest(_Shape):
    """POST /v1/chat/completions."""

    messages: Annotated[tuple[Message, ...], Field(min_length=1)]
    response_format: ResponseFormat = ResponseFormat()
    stream: bool | None = False

    @property
    def last_user_message(self) -> Message:
        """What is answered. Raises ApiError when no user speaks."""
        for message in reversed(self.messages):
            if message.role == "user":
                return message
        raise invalid("There is no message of the user to answer.", param="messages")


async def read_json(request: Request, shape: type[Shape]) -> Shape:
    """The body as the shape asked for. Raises ApiError: 400 naming the first field that is wrong."""
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as error:
        raise _first_fault(error) from error


def _first_fault(error: ValidationError) -> ApiError:
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return invalid(fault["msg"], param=str(fault["loc"][0]) if fault["loc"] else None, code=fault["type"])

"""JSON schemas of what goes over the wire: pydantic models as they are read, dataclasses as they are written."""

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

Schema = dict[str, Any]
_PLACE = "#/components/schemas/"


class _Generator(GenerateJsonSchema):
    """Without a title for each field; and what we answer has all of its fields, also those with a default."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's own signature
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ANN401, FBT001 - pydantic's own signature
        return self.mode == "serialization" or super().field_is_required(field, total)


class Shapes:
    """The schema of each type that is asked for, and what they refer to."""

    def __init__(self, *, read: Iterable[Any], written: Iterable[Any], parameters: Iterable[Any]) -> None:
        asked: dict[tuple[Any, JsonSchemaMode], None] = {}
        asked |= {(kind, "validation"): None for kind in (*read, *parameters)}
        asked |= {(kind, "serialization"): None for kind in written}
        self._schemas, found = TypeAdapter.json_schemas(
            [(kind, mode, TypeAdapter(kind)) for kind, mode in asked],
            ref_template=_PLACE + "{model}",
            schema_generator=_Generator,
        )
        components: dict[str, Schema] = found["$defs"]
        self._parameters = {kind: components.pop(self._name(kind)) for kind in dict.fromkeys(parameters)}
        self.components = dict(sorted(components.items()))
        """By name; shapes of query strings are no components, for their fields are parameters."""

    def read(self, kind: Any) -> Schema:  # noqa: ANN401 - a model
        """What a request of that shape must look like."""
        return self._schemas[kind, "validation"]

    def written(self, kind: Any) -> Schema:  # noqa: ANN401 - a dataclass, or several
        """What an answer of that shape looks like."""
        return self._schemas[kind, "serialization"]

    def parameters(self, kind: Any) -> list[Schema]:  # noqa: ANN401 - a model
        """The query string of that shape, one entry for each parameter."""
        shape = self._parameters[kind]
        required = shape.get("required", [])
        fields: dict[str, Schema] = shape.get("properties", {})
        return [
            {"name": name, "in": "query", "required": name in required, "schema": _as_text(field)}
            for name, field in fields.items()
        ]

    def _name(self, kind: Any) -> str:  # noqa: ANN401 - a model
        return str(self.read(kind)["$ref"]).removeprefix(_PLACE)


def _as_text(field: Schema) -> Schema:
    """A query string knows no null: a parameter is there, or it is not."""
    choices = [choice for choice in field.get("anyOf", []) if choice != {"type": "null"}]
    others = {name: value for name, value in field.items() if name != "anyOf" and value is not None}
    return {**others, **choices[0]} if len(choices) == 1 else {**field}

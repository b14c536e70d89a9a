"""Pieces of request bodies that several functions share."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from shared.when.zones import zone_named


def _known(name: str) -> str:
    if zone_named(name) is None:
        raise PydanticCustomError("time_zone_unknown", "give the IANA name of a time zone, such as Europe/Lisbon")
    return name


Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
"""A BCP 47 language tag, such as `en` or `pt-BR`."""

TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known)]
"""The IANA name of a time zone, or an alias of one, such as `Europe/Lisbon`; kept as it is given."""

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

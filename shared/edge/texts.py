"""Pieces of request bodies that several functions share."""

from typing import Annotated

from pydantic import StringConstraints

Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
"""A BCP 47 language tag, such as `en` or `pt-BR`."""

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

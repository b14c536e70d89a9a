"""The families of the catalogue, and where the lock of each lies."""

from pathlib import Path
from typing import get_args

from functions.catalogue import FUNCTIONS, Function
from functions.catalogue.shapes import Family
from infra_cdk.bundling.target import ROOT

FAMILIES: tuple[Family, ...] = get_args(Family)


def functions_of(family: Family) -> tuple[Function, ...]:
    """The functions that share the bundle of a family."""
    return tuple(function for function in FUNCTIONS if function.family == family)


def lock_of(family: Family) -> Path:
    """The hashed requirements of a family."""
    return ROOT / "requirements" / f"bundle-{family}.txt"

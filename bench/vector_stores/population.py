"""Who is searched: one user of each measured size, and the neighbours a filter has to keep away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from shared.ids import UserId, new_id
from tests.fixtures.searchable import Matrix, World

NEAREST = 10


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """A user with `size` chunks. `nearest`: for each question the rows of the truly nearest, counted from 0."""

    user_id: UserId
    passages: Matrix
    questions: Matrix
    nearest: Sequence[set[int]]

    @property
    def size(self) -> int:
        """How many chunks the user has."""
        return len(self.passages)


@dataclass(frozen=True, kw_only=True)
class Population:
    """Everybody in the database."""

    measured: Sequence[Tenant]
    neighbours: Sequence[Tenant]

    @property
    def everybody(self) -> Iterator[Tenant]:
        """Users in an order that lies between none: neighbours before and after the measured."""
        half = len(self.neighbours) // 2
        yield from (*self.neighbours[:half], *self.measured, *self.neighbours[half:])


def settle(sizes: Sequence[int], *, neighbours: int, questions: int, seed: int = 1) -> Population:
    """Users of these sizes and as many neighbours of about 80 chunks, all of one world of topics."""
    world = World.of(seed=seed)
    spread = np.random.default_rng(seed).integers(20, 140, size=neighbours)
    return Population(
        measured=[_tenant(world, size, questions) for size in sizes],
        neighbours=[_tenant(world, int(size), 0) for size in spread],
    )


def _tenant(world: World, size: int, questions: int) -> Tenant:
    passages = world.passages(size)
    asked = world.questions(passages, questions) if questions else passages[:0]
    nearest = [set(np.argsort(-(passages @ question))[:NEAREST].tolist()) for question in asked]
    return Tenant(user_id=UserId(new_id()), passages=passages, questions=asked, nearest=nearest)

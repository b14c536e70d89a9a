"""Brings hours and the day they belong to together where a sentence says them apart: "tomorrow I meet Ana at nine"."""

from collections.abc import Sequence
from dataclasses import replace

from shared.when.days import is_one_day
from shared.when.said import Said
from shared.when.scanning import Found, is_placed
from shared.when.tokens import Token


def attached(found: Sequence[Found], tokens: Sequence[Token]) -> list[Found]:
    """The same, each hour with the nearest day before it in its sentence, else the first after; that day with it."""
    whole = list(found)
    last_day: int | None = None
    waiting: list[int] = []
    for at, one in enumerate(found):
        if at and one.sentence != found[at - 1].sentence:
            last_day, waiting = None, []
        if _is_one_day(one.said):
            last_day = at
            for earlier in waiting:
                _bring_together(whole, day=at, hour=earlier)
            waiting = []
        elif _lacks_a_day(one, tokens):
            if last_day is None:
                waiting.append(at)
            else:
                _bring_together(whole, day=last_day, hour=at)
    return whole


def _bring_together(whole: list[Found], *, day: int, hour: int) -> None:
    days, hours = whole[day].said, whole[hour].said
    if not isinstance(days, Said) or not isinstance(hours, Said):
        return
    part = hours.part or (days.part if hours.clock else None)
    whole[hour] = replace(whole[hour], said=replace(hours, days=days.days, part=part))
    if days.clock is None:
        whole[day] = replace(whole[day], said=whole[hour].said)


def _is_one_day(said: object) -> bool:
    return isinstance(said, Said) and said.days is not None and is_one_day(said.days)


def _lacks_a_day(found: Found, tokens: Sequence[Token]) -> bool:
    said = found.said
    if not isinstance(said, Said) or said.days is not None:
        return False
    if said.clock is not None:
        return not said.clock.is_weak
    return said.part is not None and is_placed(found, tokens)

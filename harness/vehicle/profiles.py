"""A car's voltage profiles: corners written in vehicle.yaml, a file beside it, or one the harness brings."""

from __future__ import annotations

from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.supply.port import Point
from harness.supply.profiles import SUFFIXES, read_profile, shipped
from harness.vehicle.draft import Draft


def profiles(draft: Draft) -> dict[str, tuple[Point, ...]]:
    """By the car's names. What is wrong in a file of the car is told with that file's line."""
    found: dict[str, tuple[Point, ...]] = {}
    for name, given in draft.model.profiles.items():
        if not isinstance(given, str):
            found[name] = tuple(Point(p.after, p.volts) for p in given)
            continue
        own = given.endswith(SUFFIXES)
        try:
            found[name] = read_profile(draft.folder / given) if own else shipped(given)
        except BadInput as why:
            if own and why.line is not None:
                draft.errors.append(why)
            else:
                draft.wrong(("profiles", name), why.problem, why.remedy)
        except SeveralBadInputs as why:
            draft.errors.extend(why.errors)
    return found

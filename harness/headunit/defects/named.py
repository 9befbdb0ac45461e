"""A defect, or a unit at the edge of a limit, by the name people give."""

from __future__ import annotations

import difflib

from harness.foundation.errors import BadInput
from harness.headunit.blueprint import Change
from harness.headunit.defects import catalogue
from harness.headunit.edges import unit_named


def change_of(name: str) -> Change:
    """BadInput, with a suggestion, for one that there is not."""
    known = catalogue()
    defect = known.get(name) or unit_named(name)
    if defect is None:
        near = difflib.get_close_matches(name, known, 1)
        remedy = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}"
        raise BadInput("command line", None, name, "there is no such defect", remedy)
    return defect.change

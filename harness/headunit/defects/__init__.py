"""Faults as field reports tell them, each a small change of the blueprint. The unit itself knows nothing of them."""

from __future__ import annotations

from harness.foundation.errors import HarnessError
from harness.headunit.defects.defect import Defect, Kind


def catalogue() -> dict[str, Defect]:
    """All seeded defects by id, in the order of the requirements. HarnessError for two with one id."""
    from harness.headunit.defects import (
        bad_moments,
        buttons,
        cabin,
        calls,
        car,
        code_pictures,
        diagnostics,
        distraction,
        healing,
        left_behind,
        listening,
        login,
        logout,
        messages,
        power,
        votes,
        waiting,
        wheel_events,
        workshop,
    )

    found: dict[str, Defect] = {}
    parts = (
        buttons, wheel_events, messages, listening, cabin, calls, distraction, login, code_pictures, logout,
        left_behind, bad_moments, waiting, power, votes, car, diagnostics, workshop, healing,
    )  # fmt: skip
    for part in parts:
        for defect in part.DEFECTS:
            if defect.id in found:
                raise HarnessError(f"two defects are called {defect.id}")
            found[defect.id] = defect
    return found


__all__ = ["Defect", "Kind", "catalogue"]

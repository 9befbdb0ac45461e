"""What became of a seeded defect: killed by its own requirement, only by another one, not at all, or nobody knows.

Theory. A kill is a judgement: a case of the defect's own requirement that FAILs *on that requirement*. A crash, a
BLOCKED rig, a step on the way that failed or an INCONCLUSIVE figure says nothing about what the suite can see, so
none of them is ever a kill. A FAIL of another requirement shows that the defect is not harmless, and that its own
scenario is blind to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from harness.foundation.values import Check, Verdict


class Fate(StrEnum):
    """What became of one defect."""

    OWN = "killed_own"
    OTHER = "killed_other"
    SURVIVED = "survived"
    INFRA = "infra_error"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Shot:
    """One case run against one defect. ``failed``: the requirements with a failed judgement that was not a step on the
    way; ``reason`` is the case's."""

    case: str
    verdict: str
    reason: str
    failed: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "failed": list(self.failed)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Shot:
        return cls(str(data["case"]), str(data["verdict"]), str(data["reason"]), tuple(data["failed"]))


def failed_requirements(checks: Iterable[Check]) -> tuple[str, ...]:
    """Ids that were judged FAIL by themselves, in order of judgement."""
    return tuple(dict.fromkeys(c.requirement for c in checks if c.verdict is Verdict.FAIL and not c.prerequisite))


def fate(requirements: Sequence[str], shots: Sequence[Shot]) -> tuple[Fate, Shot | None]:
    """(what became of a defect that violates ``requirements``, the case that shows it).

    ``requirements[0]`` is the one it is seeded for. A case whose verdict is no judgement (BLOCKED, ERROR) kills
    nothing, even with a failed judgement in it; with no kill at all such a case makes the outcome INFRA.
    """
    own = requirements[0]
    judged = [shot for shot in shots if shot.verdict == Verdict.FAIL]
    for shot in judged:
        if own in shot.failed:
            return Fate.OWN, shot
    for shot in judged:
        if shot.failed:
            return Fate.OTHER, shot
    broken = next((s for s in shots if s.verdict in (Verdict.BLOCKED, Verdict.ERROR)), None)
    broken = broken or next((s for s in judged if not s.failed), None)
    if broken is not None:
        return Fate.INFRA, broken
    ran = [shot for shot in shots if shot.verdict != Verdict.NOT_APPLICABLE]
    return (Fate.SURVIVED if ran else Fate.NOT_APPLICABLE), None

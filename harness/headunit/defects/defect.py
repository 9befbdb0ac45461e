"""One seeded defect."""

from __future__ import annotations

from dataclasses import dataclass

from harness.headunit.blueprint import Change


@dataclass(frozen=True)
class Defect:
    """``symptom`` is what somebody would report; ``requirements`` are those it violates, the first the one it is seeded
    for; ``kind`` says what sort of fault it is: timing, logic, data, sound, picture or privacy; ``needs`` is what a car
    must offer for the fault to exist in it, in the words of a requirement's needs."""

    id: str
    symptom: str
    requirements: tuple[str, ...]
    change: Change
    kind: str = "logic"
    needs: tuple[str, ...] = ()

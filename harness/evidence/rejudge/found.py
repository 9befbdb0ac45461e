"""What came out for one thing that was judged again: a check, a stimulus, a case, a requirement."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    EQUAL = "equal"
    DIFFERENT = "different"
    NOT_POSSIBLE = "not possible"


@dataclass(frozen=True)
class Found:
    """``about``: check, stimulus, case, requirement. ``quantity`` is what differs, or what was measured; ``recorded``
    and ``again`` are for people; ``file``: the recordings it was read from."""

    standing: Standing
    about: str
    case: str
    requirement: str
    observation: str
    quantity: str
    recorded: str = ""
    again: str = ""
    why: str = ""
    file: str = ""

    def to_json(self) -> dict[str, Any]:
        return {name: str(value) for name, value in asdict(self).items()}

    def line(self) -> str:
        """For a terminal."""
        what = " ".join(part for part in (self.requirement, self.observation, self.quantity) if part)
        where = f" ({self.file})" if self.file else ""
        figures = f": recorded {self.recorded}, again {self.again}" if self.recorded or self.again else ""
        return f"{self.case}: {what}{figures}{f'; {self.why}' if self.why else ''}{where}"

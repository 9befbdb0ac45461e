"""Where the screen lies in the camera's picture, kept beside the rig with date and expiry.

Theory. Corners hold as long as nobody touches camera, unit or lens; nobody notices when somebody does. So they are
kept with the size of the picture they were found in (another resolution may be another crop of the sensor), how they
were found, and a date after which they are measured again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from harness.foundation.errors import BadInput, RigFault
from harness.screen.perspective import Corners, corners_from

SUFFIX = ".camera.json"


@dataclass(frozen=True)
class Alignment:
    """``corners`` as fractions of a picture of ``seen`` (width, height) pixels from ``camera``; ``size`` of the screen;
    ``how``: "markers" or "by hand"; ``residual`` as in ``markers.Found`` (None by hand). ``measured`` and ``expires``
    are dates, YYYY-MM-DD. ``quality`` is the corrected picture's, for people."""

    camera: str
    corners: Corners
    seen: tuple[int, int]
    size: tuple[int, int]
    how: str
    residual: float | None
    quality: str
    measured: str
    expires: str

    def demand(self, today: str, seen: tuple[int, int], path: Path) -> None:
        """RigFault when it has expired or was made in pictures of another size than ``seen``."""
        if today > self.expires:
            raise RigFault(
                f"{path}: the camera was aligned on {self.measured}, which expired on {self.expires}. Align it again: "
                f"hil rig align"
            )
        if tuple(seen) != tuple(self.seen):
            raise RigFault(
                f"{path}: the camera was aligned in pictures of {self.seen[0]}x{self.seen[1]}, now they are "
                f"{seen[0]}x{seen[1]}. Give it that resolution, or align it again: hil rig align"
            )


def save(path: Path, alignment: Alignment) -> None:
    text = json.dumps({"schema": 1, **asdict(alignment)}, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def load(path: Path) -> Alignment:
    """BadInput, with what to do, when the file is missing or is none."""
    remedy = "Measure it with 'hil rig align RIG'."
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("schema") != 1:
            raise ValueError("schema is not 1")
        data["corners"] = corners_from(data["corners"])
        for key in ("seen", "size"):
            width, height = data[key]
            data[key] = (int(width), int(height))
        return Alignment(**data)
    except FileNotFoundError:
        raise BadInput(path, None, "", "this camera has never been aligned", remedy) from None
    except (ValueError, TypeError, KeyError, AttributeError) as why:
        raise BadInput(path, None, str(why), "is not a camera alignment", remedy) from why

"""QR: codes that a reader takes from a clean picture and loses from one such as a camera in a car takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.headunit.blueprint import tap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.render import Look

if TYPE_CHECKING:
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit


def drawn(look: Look) -> Callable[[View, HeadUnit], View]:
    """Tap "view": codes look like this."""
    return lambda view, unit: view._replace(look=look) if view.code else view


DEFECTS = (
    Defect(
        "qr-01-code-too-small",
        "In the car one has to hold the phone very still: the code is half as large as it could be.",
        ("QR-01",),
        tap("view", drawn(Look(share=0.5))),
        Kind.WRONG_VALUE,
        hooks=("taps.view",),
    ),
    Defect(
        "qr-01-code-pale",
        "At night the code is not recognised: grey modules on grey, to match the theme.",
        ("QR-01",),
        tap("view", drawn(Look(dark=110, light=165))),
        Kind.WRONG_VALUE,
        hooks=("taps.view",),
    ),
)

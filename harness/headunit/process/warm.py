"""Everything a unit needs later, loaded before it is needed: a library that is loaded at its first use would let the
unit stand still in the middle of its work, as no real one does."""

from __future__ import annotations


def warm_up() -> None:
    """Draw a picture with a code, carry a little speech; nothing of it is kept but the libraries."""
    import numpy as np
    import soundfile  # noqa: F401 - for the unit's own sounds
    from scipy.signal import resample_poly

    from harness.can.python_can import PythonCan  # noqa: F401
    from harness.headunit.embedded import build  # noqa: F401
    from harness.headunit.render import Style, View, picture
    from harness.phone import codec
    from harness.phone.http import HttpUnitService  # noqa: F401

    picture(View("code", ("text",), ("back",), code="warm"), Style(0, "zh", ()))
    silence = np.zeros(1600, np.int16)
    codec.decode(codec.encode(silence, codec.RATE))
    resample_poly(silence.astype(np.float64), 3, 1)

"""Words on a screen, where the extra is installed; a clear word where it is not."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from harness.foundation.errors import RigFault
from harness.screen.reading import Reader

INSTALLED = find_spec("rapidocr_onnxruntime") is not None


@pytest.mark.skipif(INSTALLED, reason="the extra 'ocr' is installed")
def test_without_the_extra_the_error_names_it() -> None:
    with pytest.raises(RigFault, match=r"headunit-hil\[ocr\]"):
        Reader()


@pytest.mark.skipif(not INSTALLED, reason="the extra 'ocr' is not installed")
def test_words_are_read(pages) -> None:
    words = Reader().read(pages[0]("Call me later"))
    places = {w.text.replace(" ", ""): w.corners[0] for w in words}
    assert places["Callmelater"] == pytest.approx((40, 365), abs=25)

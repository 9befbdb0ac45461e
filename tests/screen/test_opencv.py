"""Without the extra, whoever uses a camera is told its name."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from harness.foundation.errors import RigFault
from harness.screen.opencv import opencv


@pytest.mark.skipif(find_spec("cv2") is not None, reason="the extra 'camera' is installed")
def test_without_the_extra_the_error_names_it() -> None:
    with pytest.raises(RigFault, match=r"headunit-hil\[camera\]"):
        opencv()


@pytest.mark.skipif(find_spec("cv2") is None, reason="the extra 'camera' is not installed")
def test_opencv_has_what_a_camera_needs() -> None:
    cv2 = opencv()
    assert {"FFMPEG", "CV_MJPEG"} & {cv2.videoio_registry.getBackendName(b) for b in cv2.videoio_registry.getBackends()}
    assert cv2.aruco.DICT_APRILTAG_36h11 >= 0

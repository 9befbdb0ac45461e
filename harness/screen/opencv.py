"""OpenCV, fetched when a camera is used: an extra, because most rigs have no camera and it weighs 150 megabytes."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from harness.foundation.errors import RigFault


def opencv() -> Any:
    """The module ``cv2``. RigFault naming the extra where it is not installed."""
    # both logs can only be turned down before they are first used; what matters comes back as a return value
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    try:
        return import_module("cv2")
    except ImportError as why:
        raise RigFault(f"a camera needs the extra 'camera': pip install 'headunit-hil[camera]' ({why})") from why

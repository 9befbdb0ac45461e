"""What a run or a campaign was made with."""

from __future__ import annotations

import platform

from harness import __version__

PACKAGES = (
    "autosar-e2e", "av", "cantools", "crccheck", "numpy", "pillow", "pystoi", "pytest", "python-can", "robotframework",
    "scipy", "soundfile", "soxr", "udsoncan", "zxing-cpp",
)  # fmt: skip


def versions() -> dict[str, str]:
    """Name -> version of Python, the system, this package and those whose version may change a verdict."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"Python": platform.python_version(), "system": f"{platform.system()} {platform.release()}"}
    found["headunit-hil"] = __version__  # of what runs; an editable install may tell an older one
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found

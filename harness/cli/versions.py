"""What a run or a campaign was made with."""

from __future__ import annotations

import platform

PACKAGES = ("headunit-hil", "pytest", "robotframework", "python-can", "cantools")


def versions() -> dict[str, str]:
    """Name -> version of Python, the system, this package and those whose version may change a verdict."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"Python": platform.python_version(), "system": f"{platform.system()} {platform.release()}"}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found

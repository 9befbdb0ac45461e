"""Where a project begins, and what it says about itself: the folder that holds ``rigs/``, ``dbc/``, ``scenarios/``."""

from __future__ import annotations

import configparser
import tomllib
from pathlib import Path

DEFAULT_RIG = "rigs/virtual.yaml"


def project_root(start: Path) -> Path:
    """The nearest folder upwards with a pytest configuration that sets ``hil_rig``; ``start`` itself without one."""
    for folder in (start, *start.parents):
        if _setting(folder) is not None:
            return folder
    return start


def project_rig(root: Path) -> str:
    """The rig the project names in its pytest configuration (``hil_rig``), or the virtual one."""
    return _setting(root) or DEFAULT_RIG


def _setting(folder: Path) -> str | None:
    try:
        with (folder / "pyproject.toml").open("rb") as file:
            table = tomllib.load(file).get("tool", {}).get("pytest", {})
        found = table.get("ini_options", table).get("hil_rig")
        if found:
            return str(found)
    except (OSError, tomllib.TOMLDecodeError):
        pass
    for name, section in (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(folder / name, encoding="utf-8")
        except configparser.Error:
            continue
        if parser.has_option(section, "hil_rig"):
            return parser.get(section, "hil_rig")
    return None

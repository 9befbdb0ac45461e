"""Where a project keeps its cars, rigs and scenarios: its own folders first, then what came with the package."""

from __future__ import annotations

from pathlib import Path

from harness.foundation.config import suggest
from harness.foundation.errors import BadInput

_PACKAGE = Path(__file__).resolve().parent.parent


def roots(project: Path | None = None) -> list[Path]:
    """Folders that may hold ``dbc/``, ``rigs/``, ``scenarios/``: the project, the source tree, the installed
    package."""
    candidates = [project or Path.cwd(), _PACKAGE.parent, _PACKAGE / "data"]
    return [c for i, c in enumerate(candidates) if c.is_dir() and c not in candidates[:i]]


def find(kind: str, name: str, suffix: str = "", project: Path | None = None) -> Path:
    """``find("dbc", "gs4")`` or ``find("rigs", "virtual", ".yaml")``; a path that exists is taken as it is.

    Raises BadInput, with the nearest known name, when there is none.
    """
    direct = Path(name) if project is None else project / name
    if direct.exists() and (direct.is_dir() or direct.suffix == suffix):
        return direct
    for root in roots(project):
        for candidate in (root / kind / name, root / kind / f"{name}{suffix}"):
            if candidate.exists():
                return candidate
    raise BadInput("command line", None, name, f"no such {_WORDS[kind]}", suggest(name, known(kind, suffix, project)))


def known(kind: str, suffix: str = "", project: Path | None = None) -> list[str]:
    """The names below ``kind/`` that ``find`` would take."""
    names = set()
    for root in roots(project):
        for entry in sorted((root / kind).glob("*")) if (root / kind).is_dir() else []:
            if (suffix and entry.suffix == suffix) or (not suffix and entry.is_dir()):
                names.add(entry.stem if suffix else entry.name)
    return sorted(names)


def vehicles(text: str, project: Path | None = None) -> tuple[str, ...]:
    """The cars a person named, with commas between them; "all" is every folder of ``dbc/`` with a ``vehicle.yaml``,
    sorted: the project's own, or those that came with the harness where it has none. BadInput when there are none."""
    named = tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
    if named != ("all",):
        return named
    for root in roots(project):
        found = sorted(path.parent.name for path in (root / "dbc").glob("*/vehicle.yaml"))
        if found:
            return tuple(found)
    raise BadInput("command line", None, "all", "no car is here", "Put one into dbc/NAME/vehicle.yaml.")


_WORDS = {"dbc": "car", "rigs": "rig", "scenarios": "folder of scenarios"}

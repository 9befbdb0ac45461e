"""A campaign: which files are mutated, and what is asked whether it notices. Read from ``campaigns.yaml``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

KINDS = ("scenarios", "tests")


@dataclass(frozen=True)
class Campaign:
    """``kind``: scenarios, where only a FAIL verdict is a kill and any other that is not green is a crash; or tests."""

    name: str
    title: str
    root: Path
    kind: str
    sources: tuple[Path, ...]
    """Files to mutate, relative to ``root``."""
    package_root: str
    """The top package whose import graph counts."""
    pytest: tuple[str, ...]
    tests: tuple[str, ...]
    unasked: tuple[str, ...]
    """Patterns of test files that are left out."""
    types: tuple[str, ...]
    """What mypy is given to tell which mutants are no valid programs; nothing: all are."""
    wanted: float
    """The share of mutants that has to be killed."""

    def module(self, source: Path) -> str:
        parts = source.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def modules(self) -> dict[str, Path]:
        return {self.module(source): source for source in self.sources}

    def digest(self) -> str:
        """Of the mutated files: results of other files say nothing of these."""
        whole = hashlib.sha256()
        for source in self.sources:
            whole.update(f"{source}\0".encode() + (self.root / source).read_bytes())
        return whole.hexdigest()[:16]


def load(path: Path, name: str, root: Path) -> Campaign:
    """ValueError, saying what there is, for a name or kind that is none and for a pattern that means no file."""
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    if name not in document:
        raise ValueError(f"{path} has no campaign {name!r}; there are: {', '.join(document)}")
    data = document[name]
    if data["kind"] not in KINDS:
        raise ValueError(f"{path}: {name}: kind {data['kind']!r} is none of {', '.join(KINDS)}")
    files: list[Path] = []
    for pattern in data["sources"]:
        found = sorted(p.relative_to(root) for p in root.glob(pattern))
        if not found:
            raise ValueError(f"{path}: {name}: {pattern} means no file below {root}")
        files += [p for p in found if p not in files]
    spared = {p.relative_to(root) for pattern in data.get("spared", ()) for p in root.glob(pattern)}
    return Campaign(
        name=name,
        title=data["title"],
        root=root,
        kind=data["kind"],
        sources=tuple(p for p in files if p not in spared),
        package_root=data["package"],
        pytest=tuple(data.get("pytest", ())),
        tests=tuple(data["tests"]),
        unasked=tuple(data.get("unasked", ())),
        types=tuple(data.get("types", ())),
        wanted=float(data["wanted"]),
    )

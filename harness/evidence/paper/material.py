"""What a report is made of: one run folder, the laboratory's file, the catalogue's texts, a qualification.

Verdicts and figures come from the run folder alone. Texts of requirements come from its ``meta.json`` too, where they
are in it; an older run has only their titles, and the texts are then those of the catalogue as it is now, and said so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.paper.lab import Lab, read_lab
from harness.evidence.paper.words import Lang, words
from harness.evidence.run_folder import read_cases, run_facts
from harness.foundation.config import load_yaml
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.places import find


@dataclass(frozen=True)
class Material:
    """``run`` is ``run.json``, ``facts`` is ``meta.json``, ``rig`` the rig file's data (empty where it is not there),
    ``catalogue`` the requirements' texts by id, ``words`` those of the report's language."""

    folder: Path
    lang: Lang
    words: Mapping[str, str]
    cases: tuple[CaseRecord, ...]
    run: Mapping[str, Any]
    facts: Mapping[str, Any]
    lab: Lab
    rig: Mapping[str, Any]
    catalogue: Mapping[str, Mapping[str, Any]]
    qualification: Mapping[str, Any] | None
    number: str

    @property
    def virtual(self) -> bool:
        return self.run.get("clock") == "virtual"

    @property
    def simulated(self) -> bool:
        """Whether the item under test was the simulator. Without a rig file only a virtual clock tells."""
        head_unit = self.rig.get("head_unit")
        return self.virtual or (isinstance(head_unit, Mapping) and "simulated" in head_unit)

    @property
    def ended(self) -> str:
        """The end of the run, or its start where a kill left no end; "" where neither is known."""
        return str(self.run.get("ended") or self.run.get("started") or "")

    def verdict(self, verdict: object) -> str:
        return self.words[str(verdict)]


def gather(folder: Path, lang: Lang, lab: Path | None, qualification: Path | None) -> Material:
    """Read everything. BadInput for a folder without reports, and for whatever is wrong with the other files."""
    path = folder / "run.json"
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as why:
        remedy = "Name a run's folder; 'hil report DIR' makes its run.json."
        raise BadInput(folder, None, "", f"no run with its reports: {why}", remedy) from why
    facts = run_facts(folder)
    given = read_lab(lab)
    return Material(
        folder=folder,
        lang=lang,
        words=words(lang),
        cases=tuple(read_cases(folder)),
        run=run,
        facts=facts,
        lab=given,
        rig=_rig(str(run.get("rig") or "")),
        catalogue=_catalogue(facts, run),
        qualification=_qualification(qualification),
        number=_number(folder, given, lang),
    )


def fingerprint(catalogue: Mapping[str, Any]) -> str:
    """SHA-256 over the requirements of a run as its ``meta.json`` holds them, keys sorted."""
    text = json.dumps(catalogue, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _number(folder: Path, lab: Lab, lang: Lang) -> str:
    """Prefix, folder, and eight digits over what only this run has: two folders of one name get two numbers."""
    digest = hashlib.sha256()
    for name in ("meta.json", "journal.jsonl"):
        path = folder / name
        digest.update(path.read_bytes() if path.is_file() else b"")
    parts = (lab.report.prefix, folder.resolve().name, digest.hexdigest()[:8], lang.upper())
    return "-".join(part for part in parts if part)


def _rig(name: str) -> Mapping[str, Any]:
    try:
        data = load_yaml(find("rigs", name, ".yaml")).data
    except BadInput:
        return {}
    return data if isinstance(data, dict) else {}


def _catalogue(facts: Mapping[str, Any], run: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    told: Mapping[str, Any] = facts.get("requirements") or {}
    named = {str(r["id"]): str(r.get("title") or "") for r in run["requirements"]}
    known = {name: {"title": title, **dict(told.get(name) or {})} for name, title in named.items()}
    if all("text" in entry for entry in known.values()):
        return known
    from harness.judging.requirements import load_requirements

    try:
        now = load_requirements(find("scenarios", "requirements"))
    except (BadInput, SeveralBadInputs):
        return known
    for name, entry in known.items():
        if "text" not in entry and name in now and now[name].title == entry["title"]:
            known[name] = {**now[name].told(), "later": True, **entry}
    return known


def _qualification(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    path = path / "qualification.json" if path.is_dir() else path
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as why:
        raise BadInput(path, None, "", f"no qualification: {why}", "Name what 'hil qualify' wrote.") from why
    if not isinstance(data, dict) or not {"killed_own", "defects"} <= set(data):
        raise BadInput(path, None, "", "no qualification", "Name the qualification.json that 'hil qualify' wrote.")
    return data

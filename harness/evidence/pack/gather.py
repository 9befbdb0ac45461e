"""Which files go where in a pack: from the run's folder, and from the project that it was run in.

Theory. A pack is a mapping from names to files and nothing is renamed twice: the run's own files go below ``run/`` and
``cases/``, what it was judged by below ``requirements/``, ``scenarios/``, ``vehicle/`` and ``rig/``. Only this module
knows where a project keeps them. A thing that should be there and is not is a ``Missing``, never an exception, unless
without it there is nothing to pack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.pack.contents import Missing
from harness.foundation.errors import BadInput
from harness.foundation.places import find
from harness.foundation.pseudonyms import RESTRICTED, read_secrets
from harness.foundation.spellings import Needles

_NEEDED = ("run.json", "journal.jsonl", "meta.json", "junit.xml", "summary.html")
_ELSEWHERE = ("restricted", "cases", "allure-results", "allure-report", "report-zh.pdf", "report-en.pdf")


@dataclass
class Gathered:
    """Files by their name in the pack, and what is missing. Grows while it is gathered."""

    files: dict[str, Path] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)

    def folder(self, source: Path, below: str) -> None:
        """All files of a folder, by their place in it. BadInput for links and the like."""
        for path in _files(source):
            self.files[f"{below}/{path.relative_to(source).as_posix()}"] = path

    def lacks(self, what: str, why: str) -> None:
        self.missing.append(Missing(what, why))


def gather_run(run: Path, facts: dict[str, Any]) -> Gathered:
    """What the run itself left. BadInput for a folder without its reports."""
    found = Gathered()
    for name in _NEEDED:
        if not (run / name).is_file():
            remedy = f"Name the folder of a run that ended, or make its reports: hil report {run}."
            raise BadInput(run / name, None, "", "a pack needs this file, and it is not there", remedy)
    for path in _files(run, without=_ELSEWHERE):
        found.files[f"run/{path.relative_to(run).as_posix()}"] = path
    if (run / "cases").is_dir():
        found.folder(run / "cases", "cases")
    allure = run / "allure-report" / "index.html"
    if allure.is_file():
        found.files["run/allure.html"] = allure
    else:
        found.lacks("run/allure.html", "no Allure page was made of this run; run/summary.html has the same verdicts")
    if facts.get("deviations"):
        deviations = Path(str(facts["deviations"]))
        if deviations.is_file():
            found.files["run/deviations.yaml"] = deviations
        else:
            found.lacks("run/deviations.yaml", "the file of accepted failures is no longer where the run found it")
    return found


def gather_project(found: Gathered, root: Path, facts: dict[str, Any], cases: list[CaseRecord]) -> None:
    """What the run was judged by and made on."""
    _scenarios(found, root, cases)
    cars = sorted({*(facts.get("vehicles") or {}), *(case.vehicle for case in cases if case.vehicle)})
    for car in cars:
        place = _find(found, f"vehicle/{car}", "dbc", car, "", root)
        if place is not None:
            found.folder(place, f"vehicle/{car}")
    rig = _find(found, "rig", "rigs", str(facts.get("rig") or ""), ".yaml", root)
    if rig is not None:
        for path in [rig, *sorted(rig.parent.glob(f"{rig.stem}.*.json"))]:
            found.files[f"rig/{_class_of(path, cases)}{path.name}"] = path
    lab = root / "reports" / "lab.yaml"
    if lab.is_file():
        found.files["lab.yaml"] = lab
    else:
        found.lacks("lab.yaml", "the project has no reports/lab.yaml: laboratory, customer and who authorises")


def _class_of(path: Path, cases: list[CaseRecord]) -> str:
    """The folder for a file that a project wrote: the restricted one where it names accounts of the run."""
    folders = [case.folder for case in cases if case.folder]
    known = dict.fromkeys(secret.value for folder in folders for secret in read_secrets(folder).values())
    return f"{RESTRICTED}/" if Needles(known).find(path.read_bytes()) else ""


def gather_qualification(found: Gathered, folder: Path | None) -> None:
    """The result of seeding defects. BadInput where a folder was named that holds none."""
    if folder is None:
        found.lacks("qualification/", "no qualification of the suite was handed in (--qualification DIR)")
        return
    told = folder / "qualification.json"
    if not told.is_file():
        remedy = "Name the folder that hil qualify wrote."
        raise BadInput(folder, None, "", "holds no qualification.json", remedy)
    found.files["qualification/qualification.json"] = told
    for page in sorted(folder.glob("*.html")):
        found.files[f"qualification/{page.name}"] = page


def _scenarios(found: Gathered, root: Path, cases: list[CaseRecord]) -> None:
    place = _find(found, "requirements", "scenarios", "requirements", "", root)
    if place is not None:
        for path in sorted(place.glob("*.yaml")):
            found.files[f"requirements/{path.name}"] = path
    stimuli = _find(found, "scenarios/stimuli", "scenarios", "stimuli", "", root)
    if stimuli is not None:
        found.folder(stimuli, "scenarios/stimuli")
    for name in sorted({case.nodeid.partition("::")[0] for case in cases}):
        source = root / name
        inside = not Path(name).is_absolute() and ".." not in Path(name).parts
        if inside and source.is_file() and not source.is_symlink():
            below = name if name.startswith("scenarios/") else f"scenarios/{name}"
            found.files[below] = source
        else:
            found.lacks(f"scenarios: {Path(name).name}", "the file of the scenarios is no longer in the project")


def _find(found: Gathered, name: str, kind: str, value: str, suffix: str, root: Path) -> Path | None:
    try:
        return find(kind, value, suffix, project=root)
    except BadInput:
        found.lacks(name, f"{value or 'it'} is no longer where the run found it")
        return None


def _files(folder: Path, without: tuple[str, ...] = ()) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in without or path.name == "__pycache__":
            continue
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise BadInput(path, None, "", "is no regular file: a pack holds no links", "Put the file itself there.")
        if path.is_dir():
            yield from _files(path)
        else:
            yield path

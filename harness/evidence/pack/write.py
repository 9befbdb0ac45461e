"""``pack``: a run's folder becomes a pack, as a folder and as a zip beside it, and is not changed by it.

Theory. Same run, same bytes: names in order, one time and mode for all files, nothing of the place or the day in them.
The pack is built under another name and renamed when it is whole, so a pack that is there is a whole one.
"""

from __future__ import annotations

import calendar
import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from harness.evidence.canary.search import check
from harness.evidence.exchange.trace import Seeded
from harness.evidence.pack.archive import dos_stamp, write_archive
from harness.evidence.pack.as_used import compare
from harness.evidence.pack.contents import Contents, LeftOut, access_of, as_bytes, listed
from harness.evidence.pack.facts import facts_of
from harness.evidence.pack.gather import Gathered, gather_project, gather_qualification, gather_run
from harness.evidence.pack.hashing import digest_of
from harness.evidence.pack.interchange import write_interchange
from harness.evidence.pack.names import CONTENTS, README, clashes, problem_of
from harness.evidence.pack.number import run_number, stamp_of
from harness.evidence.pack.readme import readme
from harness.evidence.run_folder import read_cases, run_facts
from harness.evidence.run_json import read_run
from harness.foundation.errors import BadInput

_LANGUAGES: dict[str, tuple[Literal["zh", "en"], ...]] = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}
Language = Literal["zh", "en", "both"]


def write_zip(folder: Path, names: Iterable[str], stamp: str) -> None:
    """Pack the named files of a pack's folder into the zip beside it, which is for its owner alone where some are
    restricted."""
    names = list(names)
    write_archive(zip_of(folder), folder, names, dos_stamp(stamp))
    if any(access_of(name) == "restricted" for name in names):
        zip_of(folder).chmod(0o600)


class Paper(Protocol):
    """Writes a run's report in one language as PDF. ``lab``: the laboratory's data, ``qualification``: what was found
    out about the suite; where there are."""

    def __call__(
        self, run: Path, out: Path, *, lang: Literal["zh", "en"], lab: Path | None, qualification: Path | None
    ) -> object: ...


@dataclass(frozen=True)
class Packed:
    """What was made: the folder, the zip, and what is said in ``pack.json``."""

    folder: Path
    zip: Path
    contents: Contents


def zip_of(folder: Path) -> Path:
    """Where the zip of a pack's folder lies: beside it."""
    return folder.with_name(f"{folder.name}.zip")


def pack(
    run: Path,
    out: Path,
    *,
    root: Path,
    lang: Language = "both",
    restricted: bool = True,
    qualification: Path | None = None,
    defects: Sequence[Seeded] = (),
    paper: Paper | None = None,
    search: Callable[[Path, Path], None] = check,
    say: Callable[[str], None] = lambda _: None,
) -> Packed:
    """Pack ``run`` of the project ``root`` into ``out`` and ``out.zip``. BadInput for whatever stands in the way, a
    secret outside the restricted files included; then neither is there.

    ``restricted=False`` leaves the files of that class out and names them. ``paper`` writes the PDF reports; what it
    raises is told as missing. ``search`` looks through the pack (its first argument) for secrets of the run (its
    second) and raises BadInput where it finds one."""
    _free(run, out)
    facts = run_facts(run)
    found = gather_run(run, facts)
    results = read_run(run)
    cases = read_cases(run)
    gather_project(found, root, facts, cases)
    compare(found, run)
    gather_qualification(found, qualification)
    number, stamp = run_number(run), stamp_of(facts)
    made = out.with_name(f".{out.name}.made")
    whole = out.with_name(f".{out.name}.part")
    try:
        for place in (made, whole):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
        write_interchange(made / "interchange", found, run, number, stamp, defects)
        for language in _LANGUAGES[lang]:
            say(f"report-{language}.pdf")
            _paper(run, made, found, language, paper)
        contents = Contents(number, "full" if restricted else "reduced", stamp, facts_of(results, cases, found))
        contents = _fill(whole, found, contents)
        say("search for secrets")
        _no_secrets(whole, run, search)
        whole.rename(out)
    except OSError as why:
        raise BadInput(
            why.filename or out, None, "", f"cannot be packed: {why.strerror or why}", "Look there."
        ) from why
    finally:
        for place in (made, whole):
            shutil.rmtree(place, ignore_errors=True)
    say("zip")
    write_zip(out, [CONTENTS, *(one.name for one in contents.files)], stamp)
    return Packed(out, zip_of(out), contents)


def _free(run: Path, out: Path) -> None:
    """BadInput where ``out`` or its zip is there, or would lie within the run."""
    if not run.is_dir():
        raise BadInput(run, None, "", "no such run folder", "Name the folder of a run, such as reports/0001.")
    for place in (out, zip_of(out)):
        if os.path.lexists(place) and not (place.is_dir() and not any(place.iterdir())):
            raise BadInput(place, None, "", "is there already", "Name another --out, or delete it.")
    if run.resolve() in out.resolve().parents:
        raise BadInput(out, None, "", "lies in the run's own folder", "A run is never changed; name another --out.")
    if out.is_dir():
        out.rmdir()


def _fill(whole: Path, found: Gathered, contents: Contents) -> Contents:
    """Copy the files into ``whole``; returns ``contents`` with all lists."""
    for name in found.files:
        if problem := problem_of(name):
            raise BadInput(name, None, "", problem, "Give it another name; a pack is read on every system.")
    for name, other in clashes(sorted(found.files)):
        raise BadInput(name, None, "", f"is one file with {other} on some systems", "Give one another name.")
    left_out = []
    for name, source in sorted(found.files.items()):
        if contents.edition == "reduced" and access_of(name) == "restricted":
            digest = digest_of(source)
            left_out.append(LeftOut(name, digest.size, digest.sha256, "restricted", "packed --without-restricted"))
            continue
        target = whole / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    missing = tuple(sorted(found.missing, key=lambda one: one.what))
    contents = replace(contents, left_out=tuple(left_out), missing=missing)
    (whole / README).write_bytes(readme(contents))
    names = [path.relative_to(whole).as_posix() for path in whole.rglob("*") if path.is_file()]
    contents = replace(contents, files=listed(whole, names))
    (whole / CONTENTS).write_bytes(as_bytes(contents))
    _dress(whole, contents.stamp)
    return contents


def _dress(whole: Path, stamp: str) -> None:
    """One time for all, so that a copy with its times kept is the same too; restricted is for the owner alone."""
    when = calendar.timegm((*(int(part) for part in re.split(r"[-T:]", stamp[:19])), 0, 0, 0))
    for path in sorted(whole.rglob("*"), reverse=True):
        open_to = 0o077 if access_of(f"{path.relative_to(whole).as_posix()}/") == "restricted" else 0o022
        path.chmod((0o777 if path.is_dir() else 0o666) & ~open_to)
        os.utime(path, (when, when))


def _no_secrets(whole: Path, run: Path, search: Callable[[Path, Path], None]) -> None:
    try:
        search(whole, run)
    except BadInput as why:
        raise BadInput(run, None, "", f"its pack {why.problem}", why.remedy) from why


def _paper(run: Path, made: Path, found: Gathered, language: Literal["zh", "en"], paper: Paper | None) -> None:
    name = f"report-{language}.pdf"
    if paper is None:
        found.lacks(name, "no PDF report was made for this pack")
        return
    try:
        lab, qualified = found.files.get("lab.yaml"), found.files.get("qualification/qualification.json")
        paper(run, made / name, lang=language, lab=lab, qualification=qualified)
        found.files[name] = made / name
    except Exception as why:  # noqa: BLE001 - a report that cannot be made must not cost the evidence
        told = str(why).replace(str(made), "").replace(str(run), run.name)  # no place stands in a pack
        found.lacks(name, f"it could not be made: {told}")

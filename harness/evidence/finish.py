"""The end of a run: everything derived is derived here, from the run folder alone.

Called by the supervisor, by plain ``pytest`` and ``robot`` at their end, and by ``hil report DIR`` after a kill. What
it writes follows from the cases and from ``meta.json``; doing it twice gives the same bytes (the Allure HTML, made by
another program, excepted). A report that cannot be made is said in ``warnings`` and never changes the exit code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.evidence import allure_folder, junit, run_json
from harness.evidence.canary.runners import replace_secrets
from harness.evidence.case import CaseRecord
from harness.evidence.deviations import Applied, Deviation, Standing, apply, load_deviations
from harness.evidence.run_folder import merge_journals, read_cases, run_facts
from harness.evidence.run_json import software_of
from harness.evidence.shrinking import earlier_runs, shrinking
from harness.foundation.errors import BadInput
from harness.foundation.values import EXIT_CODES, Verdict, exit_code

NOTHING_RAN = 2


@dataclass(frozen=True)
class RunSummary:
    """What a run came to. ``facts`` is what ``meta.json`` says of it, ``data`` the content of ``run.json``; ``html`` is
    None where Allure could not be run."""

    out: Path
    cases: tuple[CaseRecord, ...]
    applied: tuple[Applied, ...]
    exit_code: int
    facts: Mapping[str, Any]
    data: Mapping[str, Any]
    html: Path | None
    warnings: tuple[str, ...]


def finish(
    out: Path,
    *,
    deviations: Path | None = None,
    allure: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> RunSummary:
    """Merge the shards of ``out`` and write every report. BadInput for a folder that is none, or bad deviations.

    ``deviations`` overrides the file that ``meta.json`` names; ``allure=False`` leaves the Allure HTML out.
    """
    if not out.is_dir():
        raise BadInput(out, None, "", "no such run folder", "Name the folder of a run, such as reports/0001.")
    replace_secrets(out)
    facts = run_facts(out)
    cases = read_cases(out)
    if not cases and not facts:
        raise BadInput(out, None, "", "no run was ever started in this folder", "It must hold 'cases' and 'meta.json'.")
    known = _deviations(deviations, facts)
    software = _software(cases, facts)
    facts = {**facts, "software": software}
    applied = apply(known, cases, str(facts.get("started") or "9999")[:10], software)
    code = run_exit_code(cases, applied, facts)

    merge_journals(out, cases)
    warnings: list[str] = []
    data = run_json.run_json(cases, facts, applied, code)
    try:
        data["shrinking"] = shrinking(data, earlier_runs(facts, out))
    except (LookupError, TypeError, ValueError) as why:  # another run's file is not ours to trust
        warnings.append(f"margins could not be compared with earlier runs: {why!r}")
    facts = {**facts, "shrinking": data.get("shrinking", [])}
    run_json.write(out / "run.json", data)
    junit.write(out / "junit.xml", cases, facts, applied)
    from harness.evidence import summary

    summary.write(out / "summary.html", cases, data, facts, applied)
    html = None
    try:
        allure_folder.complete(out, cases, facts)
        if allure:
            from harness.evidence.allure_html import NoAllure, write_html

            try:
                html = write_html(out, facts, say)
            except NoAllure as why:
                warnings.append(f"no Allure page: {why}; summary.html has the same verdicts")
    except Exception as why:  # noqa: BLE001 - a report generator that fails must not cost the evidence
        warnings.append(f"the Allure results are incomplete: {why!r}; summary.html has the same verdicts")
    return RunSummary(out, tuple(cases), applied, code, facts, data, html, tuple(warnings))


def run_exit_code(cases: Sequence[CaseRecord], applied: Sequence[Applied], facts: Mapping[str, Any]) -> int:
    """The worst verdict's code; covered failures do not count, deviations that must go do."""
    if facts.get("crash"):
        return EXIT_CODES[Verdict.ERROR]
    if not cases:
        return NOTHING_RAN
    covered = {a.case.name for a in applied if a.standing is Standing.COVERS}
    verdicts = [Verdict.PASS if case.name in covered else case.verdict for case in cases if not case.superseded]
    verdicts += [case.restored for case in cases if case.restored is not Verdict.PASS]
    if any(a.standing in (Standing.PASSES, Standing.EXPIRED) for a in applied):
        verdicts.append(Verdict.FAIL)
    return exit_code(verdicts)


def _deviations(path: Path | None, facts: Mapping[str, Any]) -> tuple[Deviation, ...]:
    named = facts.get("deviations")
    path = path or (Path(str(named)) if named else None)
    return load_deviations(path) if path else ()


def _software(cases: Sequence[CaseRecord], facts: Mapping[str, Any]) -> str | None:
    """The unit's software as cases read it by diagnostics, unless the run was told. None where nobody asked, and where
    the units of several cars have not the same."""
    if facts.get("software"):
        return str(facts["software"])
    found = {software_of(case) for case in cases} - {None}
    return found.pop() if len(found) == 1 else None

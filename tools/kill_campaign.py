"""Kill a run again and again at random moments, and look whether anything that had ended is missing afterwards.

    python tools/kill_campaign.py --kills 200 --seed 1

A first run that nobody kills says how long one takes here. Each round starts ``hil run`` or goes on with ``hil run
--resume``, sends SIGKILL at a random moment of that time (to the supervisor alone, or to it and every process below
it), reads the case folders without the harness's help, has the
reports made and holds them against each other. When a run comes to its end, the next round starts a new one. Exit
code 1 and a line per finding when something is missing; 0 otherwise. Linux (reads /proc).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

from harness.foundation.clock import stopwatch

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ("scenarios/buttons/test_gestures.py", "scenarios/robot")


def main() -> int:
    words = argparse.ArgumentParser(description="SIGKILL runs at random moments and check what is left")
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--json", action="store_true", help="print the counts as JSON")
    asked = words.parse_args()
    rng = random.Random(asked.seed)
    base = Path(tempfile.mkdtemp(prefix="kills-"))
    told = {"kills": 0, "runs_ended": 0, "finished_cases_checked": 0, "cut_cases_named": 0, "before_anything": 0}
    findings: list[str] = []
    number, out, held = 0, base / "run-0", dict[str, str]()
    try:
        latest = a_whole_run(base / "whole")
        while told["kills"] < asked.kills:
            resumed = (out / "meta.json").is_file()
            process = start(out, resumed=resumed, workers=rng.choice((0, 2)))
            try:
                process.wait(rng.uniform(0.0, latest))
            except subprocess.TimeoutExpired:
                kill(process, everything=rng.random() < 0.5)
                told["kills"] += 1
                findings += said(f"{out.name}, kill {told['kills']}", look(out, held, told))
                print(f"{told['kills']:>5}/{asked.kills}  {len(findings)} findings", file=sys.stderr)
                continue
            findings += said(f"{out.name}, ended", ended(out, process.returncode, held))
            told["runs_ended"] += 1
            shutil.rmtree(out, ignore_errors=True)
            number, held = number + 1, {}
            out = base / f"run-{number}"
    finally:
        shutil.rmtree(base, ignore_errors=True)
    print(json.dumps({**told, "findings": findings}) if asked.json else f"{told}, {len(findings)} findings")
    return 1 if findings else 0


def a_whole_run(out: Path) -> float:
    """Seconds it takes with one process, from the start to its reports."""
    took = stopwatch()
    start(out, resumed=False, workers=0).wait()
    return took()


def said(where: str, lines: list[str]) -> list[str]:
    """The findings with their place, told at once: a campaign is long."""
    found = [f"{where}: {line}" for line in lines]
    for line in found:
        print(line, file=sys.stderr)
    return found


def start(out: Path, *, resumed: bool, workers: int) -> subprocess.Popen[bytes]:
    asked = ["--resume", str(out)] if resumed else [*SCENARIOS, "--out", str(out)]
    if not resumed and out.exists():
        shutil.rmtree(out)  # killed before it had written what it was asked for
    command = [sys.executable, "-P", "-m", "harness", "run", *asked, "-n", str(workers)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill(process: subprocess.Popen[bytes], *, everything: bool) -> None:
    """SIGKILL, and wait until nothing of the run is left: who loses its parent ends by itself."""
    below = list(descendants(process.pid))
    process.send_signal(signal.SIGKILL)
    process.wait()
    for pid in below:
        try:
            watched = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        if everything:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(watched, signal.SIGKILL)
        wait_for(watched)


def wait_for(watched: int) -> None:
    import select

    try:
        select.select([watched], [], [], 60.0)
    finally:
        os.close(watched)


def descendants(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from descendants(child)


def journal(folder: Path) -> list[dict[str, object]]:
    """The whole lines, read as anybody would."""
    try:
        raw = (folder / "journal.jsonl").read_bytes()
    except OSError:
        return []
    return [json.loads(line) for line in raw[: raw.rfind(b"\n") + 1].splitlines()]


def look(out: Path, held: dict[str, str], told: dict[str, int]) -> list[str]:
    """What the reports lack of what the case folders hold. ``held``: hashes of the journals that were complete."""
    from harness.evidence.finish import finish
    from harness.foundation.errors import BadInput

    folders = sorted((out / "cases").iterdir()) if (out / "cases").is_dir() else []
    try:
        finish(out, allure=False)
    except BadInput as why:
        told["before_anything"] += 1
        return [f"no report, with {len(folders)} cases there: {why}"] if folders else []
    cases = {Path(c["folder"]).name: c for c in json.loads((out / "run.json").read_text())["cases"] if c["folder"]}
    junit = _junit(out)
    summary = (out / "summary.html").read_text(encoding="utf-8")
    allure = _allure(out)
    found = []
    for folder in folders:
        records = journal(folder)
        verdict = next((r["verdict"] for r in records if r["kind"] == "verdict"), None)
        places = {"run.json": folder.name in cases, "summary.html": f'id="{folder.name}"' in summary,
                  "Allure": folder.name in allure, "junit.xml": _key(cases.get(folder.name)) in junit}  # fmt: skip
        found += [f"{folder.name} is missing in {name}" for name, there in places.items() if not there]
        if verdict is None:
            told["cut_cases_named"] += 1
            if "cut off during" not in cases.get(folder.name, {}).get("reason", ""):
                found.append(f"{folder.name} was cut off, and nobody says so")
        else:
            told["finished_cases_checked"] += 1
            if {str(verdict)} != {cases.get(folder.name, {}).get("verdict"), junit.get(_key(cases.get(folder.name)))}:
                found.append(f"{folder.name} ended as {verdict}, and the reports say something else")
        if verdict is not None and any(r["kind"] == "end" for r in records):
            content = hashlib.sha256((folder / "journal.jsonl").read_bytes()).hexdigest()
            if held.setdefault(folder.name, content) != content:
                found.append(f"{folder.name} had ended, and was changed")
    return found + [f"{name} had ended, and is gone" for name in held if not (out / "cases" / name).is_dir()]


def ended(out: Path, code: int, held: dict[str, str]) -> list[str]:
    """A run that came to its end: every case was run, and none that had ended was run again."""
    run = json.loads((out / "run.json").read_text())
    found = [] if code == 0 else [f"exit code {code}, totals {run['totals']}"]
    found += [f"{c['id']}: {c['verdict']}: {c['reason']}" for c in run["cases"] if c["verdict"] == "ERROR"]
    attempts: dict[str, list[dict[str, object]]] = {}
    for case in run["cases"]:
        attempts.setdefault(case["id"], []).append(case)
    for name, tried in attempts.items():
        if str(tried[-1]["verdict"]) == "NOT_EXECUTED":
            found.append(f"{name} was never finished")
        if [c["attempt"] for c in tried] != list(range(1, len(tried) + 1)):
            found.append(f"{name}: the attempts are not numbered one after the other")
        if any(Path(str(c["folder"])).name in held for c in tried[:-1]):
            found.append(f"{name} had ended, and was run again")
    return found


def _key(case: dict[str, object] | None) -> tuple[str, str]:
    return ("", "") if case is None else (str(case["nodeid"]), str(case["attempt"]))


def _junit(out: Path) -> dict[tuple[str, str], str]:
    """(node id, attempt) -> verdict."""
    found = {}
    for case in ElementTree.parse(out / "junit.xml").getroot().iter("testcase"):  # noqa: S314 - ours
        properties = {p.attrib["name"]: p.attrib["value"] for p in case.iter("property")}
        found[(properties["nodeid"], properties["attempt"])] = properties["verdict"]
    return found


def _allure(out: Path) -> set[str]:
    """The case folders that have a result."""
    found = set()
    for path in (out / "allure-results").glob("*-result.json"):
        labels = json.loads(path.read_text(encoding="utf-8")).get("labels", ())
        found.update(label["value"] for label in labels if label["name"] == "hil_case")
    return found


if __name__ == "__main__":
    sys.exit(main())

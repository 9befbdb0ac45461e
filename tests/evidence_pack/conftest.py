"""A small project with the folder of a run, packs made of it, and keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.evidence.finish import finish
from harness.evidence.pack.write import Packed, pack
from harness.evidence.seal.keys import PublicKey, SigningKey, generate, load_signing
from harness.evidence.seal.seal import seal
from harness.evidence.seal.tamper.sample import sample
from harness.foundation.digests import digest
from harness.foundation.journal import Journal

CASE = {
    "id": "scenarios/buttons/test_press.py::test_press[gs4]",
    "nodeid": "scenarios/buttons/test_press.py::test_press[gs4]",
    "runner": "pytest",
    "title": "Press",
    "vehicle": "gs4",
    "requirements": ["BTN-01"],
}
REQUIREMENT = """\
schema: 1
requirements:
  BTN-01:
    title: A press wakes messaging
    text: Pressing the messaging button wakes messaging.
    rationale: A driver looks at the road.
    version: 1
    status: active
    limits:
      latency: {max: 250 ms, source: "maker's value"}
    from: began
    statistic: max
"""


@dataclass
class Project:
    """``root`` is a project, ``run`` the folder of its run."""

    root: Path
    run: Path

    def pack(self, name: str = "pack", **how: Any) -> Packed:
        return pack(self.run, self.root / name, root=self.root, **how)

    def changed(self, name: str, content: str) -> None:
        (self.root / name).write_text(content, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    _write(root, "scenarios/buttons/test_press.py", "def test_press(): ...\n")
    _write(root, "scenarios/stimuli/stimuli.yaml", "schema: 1\n")
    _write(root, "scenarios/requirements/btn.yaml", REQUIREMENT)
    _write(root, "dbc/gs4/vehicle.yaml", "schema: 1\n")
    _write(root, "dbc/gs4/body.dbc", 'VERSION ""\n')
    _write(
        root, "rigs/desk.yaml", "schema: 1\nclock: wall\nsupply: {driver: scpi, serial: '4711'}\nscreen: {driver: x}\n"
    )
    found = {"port": "supply", "state": "found", "said": "EA PS 9080, 12.0 V"}
    _write(root, "rigs/desk.check.json", json.dumps({"schema": 1, "ports": [found]}))
    _write(root, "reports/lab.yaml", "schema: 1\n")
    run = root / "reports" / "0001"
    case = run / "cases" / "press-gs4.1"
    _write(case, "pending.json", json.dumps({**CASE, "attempt": 1}))
    _write(case, "meta.json", '{"wall_s": 0.1, "simulated_s": 2.0}')
    _write(case, "body.log", "(0.000000) body 123#00FF\n" * 500)
    _write(case, "restricted/screen-0001.png", "not masked")
    journal = Journal(case / "journal.jsonl")
    journal.write("case", 0, **CASE, attempt=1, clock="virtual", rig="desk", seed=7)
    journal.write("identity", 1_000_000_000, software="HU 4.2.0 (22.3)", serial="4711")
    journal.write("verdict", 2_000_000_000, verdict="PASS", reason="", prerequisite=False)
    journal.close()
    _write(run, "collected-pytest.json", json.dumps({"cases": [CASE]}))
    _write(run, "allure-report/index.html", "<html>Allure</html>")
    _write(run, "allure-results/x.json", "{}")
    used = ["scenarios/buttons/test_press.py", "scenarios/requirements/btn.yaml", "dbc/gs4/body.dbc", "rigs/desk.yaml"]
    _write(run, "inputs.json", json.dumps({"schema": 1, "files": {name: digest(root / name) for name in used}}))
    facts = {
        "schema": 1, "command": "./hil run", "seed": 7, "rig": "rigs/desk.yaml", "clock": "wall", "vehicle": "gs4",
        "vehicles": {"gs4": {"name": "GS4", "note": ""}}, "versions": {"Python": "3.11.7"}, "wall_s": 4.0,
        "requirements": {"BTN-01": {"title": "A press wakes messaging"}},
        "started": "2026-03-01T10:00:00+00:00", "ended": "2026-03-01T10:00:05+00:00",
    }  # fmt: skip
    _write(run, "meta.json", json.dumps(facts))
    finish(run, allure=False)
    return Project(root, run)


@dataclass
class Keys:
    """A pair of keys as files, and as values."""

    secret: Path
    public: Path
    signing: SigningKey
    checking: PublicKey


@pytest.fixture(params=["ed25519", "p256"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> Keys:
    """Of either kind in turn."""
    return _keys(tmp_path / request.param, request.param)


@pytest.fixture
def make_keys(tmp_path: Path) -> Callable[..., Keys]:
    return lambda name="lab", kind="ed25519": _keys(tmp_path / name, kind)


@pytest.fixture
def sealed(tmp_path: Path, keys: Keys) -> Path:
    """The folder of a small sealed pack; its zip lies beside it."""
    folder = tmp_path / "small"
    sample(folder, Random(7), files=4)
    seal(folder, keys.signing)
    return folder


def _keys(prefix: Path, kind: str) -> Keys:
    public = generate(prefix, kind)
    secret, open_ = Path(f"{prefix}.key"), Path(f"{prefix}.pub")
    return Keys(secret, open_, load_signing(secret, {}), public)


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")

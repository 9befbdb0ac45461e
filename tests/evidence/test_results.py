"""What a run found, in the formats of other tools: read by their own readers, the same bytes for the same run."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.exchange import write_all
from harness.evidence.exchange.as_csv import read_csv
from harness.evidence.exchange.as_needs import read_needs
from harness.evidence.exchange.entries import read_entries
from harness.evidence.exchange.from_reqif import read_reqif
from harness.evidence.exchange.trace import Seeded
from harness.evidence.finish import finish
from harness.foundation.errors import BadInput
from harness.foundation.journal import Journal

REQUIREMENTS = """\
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
  BTN-02:
    title: A long press undoes
    text: It does.
    rationale: So that nothing is sent.
    version: 1
    status: active
"""
CASE = {"runner": "pytest", "title": "Press", "text": "", "vehicle": "gs4", "rig": "virtual", "clock": "virtual",
        "seed": 1, "attempt": 1, "behaviour": ["Buttons", "Press", "Press"]}  # fmt: skip
MADE_OF = {
    "minus": 0.002,
    "plus": 0.003,
    "guard_band": {"low": None, "high": 0.003},
    "coverage": "bounds",
    "components": [],
}


VERIFIES = {"test_press": ["BTN-01", "BTN-02"], "test_late": ["BTN-01"]}


def check(verdict: str, value: float | None, reason: str = "seen") -> dict[str, Any]:
    interval = None if value is None else [value - 0.002, value + 0.003]
    return {
        "requirement": "BTN-01", "observation": "reaches", "arguments": {}, "quantity": "latency", "value": value,
        "interval": interval, "unit": "s", "uncertainty": None if value is None else MADE_OF,
        "limit": {"low": None, "high": 0.25, "unit": "s", "text": "<= 250 ms", "source": "x", "status": "y"},
        "margin": None if value is None else 0.25 - value - 0.003, "samples": 1, "verdict": verdict, "reason": reason,
        "detail": "", "window": [0, 1], "refs": [], "prerequisite": False,
    }  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of two cases, one passed and one failed with a reason that XML cannot hold."""
    out = tmp_path / "reports" / "0007"
    for name, verdict, value in (("test_press", "PASS", 0.213), ("test_late", "FAIL", None)):
        folder = out / "cases" / f"{name}.1"
        folder.mkdir(parents=True)
        id_ = f"scenarios/buttons/test_press.py::{name}[gs4]"
        about = {**CASE, "id": id_, "nodeid": id_, "requirements": VERIFIES[name]}
        (folder / "pending.json").write_text(json.dumps(about))
        journal = Journal(folder / "journal.jsonl")
        journal.write("case", 0, **about)
        journal.write("check", 1, **check(verdict, value, "said \x1b[31m<late> & 太晚"))
        journal.write("verdict", 1, verdict=verdict, reason="said \x1b[31m<late> & 太晚", prerequisite=False)
        journal.write("end", 2, files={})
        journal.close()
        (folder / "meta.json").write_text(json.dumps({"wall_s": 0.5, "simulated_s": 2.0}))
    facts = {"schema": 1, "rig": "virtual", "vehicle": "gs4", "started": "2026-03-01T10:00:00+00:00", "software": "1.2"}
    (out / "meta.json").write_text(json.dumps(facts))
    finish(out, allure=False)
    return out


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "btn.yaml").write_text(REQUIREMENTS, encoding="utf-8")
    return folder


@pytest.fixture
def written(run: Path, catalogue: Path, tmp_path: Path) -> Path:
    write_all(run, tmp_path / "out", requirements=catalogue, defects=[Seeded("late", "It is late.", ("BTN-01",))])
    return tmp_path / "out"


def test_all_are_written_and_the_same_again(run: Path, catalogue: Path, tmp_path: Path) -> None:
    files = write_all(run, tmp_path / "a", requirements=catalogue)
    names = ["junit.xml", "measurements.csv", "needs.json", "results.csv", "results.reqif", "trace.html"]
    assert [path.name for path in files] == names
    again = write_all(run, tmp_path / "b", requirements=catalogue)
    assert [p.read_bytes() for p in files] == [p.read_bytes() for p in again]


def test_reqif_with_results_is_valid_against_the_schema_of_the_omg(written: Path) -> None:
    from reqif.cli.cli_arg_parser import ValidateCommandConfig
    from reqif.commands.validate.validate import ValidateCommand

    path = written / "results.reqif"
    found = ValidateCommand._validate(ValidateCommandConfig(input_file=str(path), use_reqif_schema=True))
    assert not found.has_any_errors(), [e.get_description() for e in (*found.schema_errors, *found.exceptions)]


def test_a_reqif_that_breaks_the_schema_is_found_to(written: Path) -> None:
    from reqif.cli.cli_arg_parser import ValidateCommandConfig
    from reqif.commands.validate.validate import ValidateCommand

    path = written / "results.reqif"
    path.write_text(path.read_text(encoding="utf-8").replace('THE-VALUE="0.213"', 'THE-VALUE="213 ms"'))
    found = ValidateCommand._validate(ValidateCommandConfig(input_file=str(path), use_reqif_schema=True))
    assert found.schema_errors


def test_reqif_tells_verdicts_figures_and_what_they_belong_to(written: Path) -> None:
    from reqif.parser import ReqIFParser

    content = ReqIFParser.parse(str(written / "results.reqif")).core_content.req_if_content
    types = {t.identifier: t.long_name for t in content.spec_types}
    objects = {}
    for one in content.spec_objects:
        values = {a.definition_ref.rpartition("-")[2]: a.value for a in one.attributes}
        objects[one.identifier] = (types[one.spec_object_type], values)
    figures = [values for kind, values in objects.values() if kind == "Measurement"]
    assert sorted((v["verdict"], v.get("value"), v.get("plus"), v["limit"]) for v in figures) == [
        ("FAIL", None, None, "<= 250 ms"),
        ("PASS", "0.213", "0.003", "<= 250 ms"),
    ]
    related = {
        (types[r.relation_type_ref], objects[r.source][1]["id"], objects[r.target][1]["id"])
        for r in content.spec_relations
    }
    case = "scenarios/buttons/test_press.py::test_press[gs4]"
    assert {
        ("result of", f"{case}#1", case),
        ("shows", f"{case}#1", "BTN-01"),
        ("measured in", f"{case}#1.1", f"{case}#1"),
        ("held against", f"{case}#1.1", "BTN-01.latency"),
        ("violates", "late", "BTN-01"),
    } <= related


@pytest.mark.parametrize(("name", "read"), [("results.reqif", read_reqif), ("needs.json", read_needs),
                                             ("results.csv", read_csv)])  # fmt: skip
def test_the_requirements_in_them_come_back_as_they_were(written: Path, catalogue: Path, name: str, read: Any) -> None:
    entries, notes = read(written / name)
    assert entries == read_entries(catalogue)
    assert not notes


def test_each_measurement_is_a_line(written: Path) -> None:
    with (written / "measurements.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["case"].partition("::")[2]: row for row in csv.DictReader(file)}
    passed, late = rows["test_press[gs4]"], rows["test_late[gs4]"]
    assert (passed["value"], passed["minus"], passed["plus"], passed["coverage"]) == (
        "0.213",
        "0.002",
        "0.003",
        "bounds",
    )
    assert (late["verdict"], late["value"], late["margin"]) == ("FAIL", "", "")


def test_a_folder_that_is_no_run_is_told(tmp_path: Path, catalogue: Path) -> None:
    with pytest.raises(BadInput, match=r"no run\.json that can be read"):
        write_all(tmp_path, tmp_path / "out", requirements=catalogue)


CONF = """\
project = "t"
extensions = ["sphinx_needs", "sphinx_test_reports"]
needs_id_regex = ".+"
needs_types = [
    {"directive": d, "title": d, "prefix": "", "color": "#fff", "style": "node"}
    for d in ("req", "limit", "test", "defect", "result")
]
needs_fields = {name: {"default": ""} for name in EXTRA}
tr_extra_options = ["requirement", "requirements"]
tr_property_link_types = {"requirements": "links"}
"""
INDEX = """\
T
=

.. needimport:: needs.json

.. test-file:: Run
   :file: junit.xml
   :id: RUN
   :auto_suites:
   :auto_cases:
"""


@pytest.mark.slow
def test_sphinx_needs_imports_the_results_and_sphinx_test_reports_the_junit(written: Path, tmp_path: Path) -> None:
    pytest.importorskip("sphinx_needs")
    pytest.importorskip("sphinx_test_reports")
    source, built = tmp_path / "docs", tmp_path / "built"
    source.mkdir()
    needs = json.loads((written / "needs.json").read_text(encoding="utf-8"))["versions"]["1"]["needs"]
    own = {"id", "type", "title", "content", "links", "tags", "status"}
    extra = sorted({key for need in needs.values() for key in need} - own)
    (source / "conf.py").write_text(CONF.replace("EXTRA", repr(extra)), encoding="utf-8")
    (source / "index.rst").write_text(INDEX, encoding="utf-8")
    for name in ("needs.json", "junit.xml"):
        (source / name).write_bytes((written / name).read_bytes())
    command = [sys.executable, "-m", "sphinx", "-b", "needs", "-q", str(source), str(built)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    document = json.loads((built / "needs.json").read_text(encoding="utf-8"))
    found = next(iter(document["versions"].values()))["needs"]
    assert set(needs) <= set(found), done.stderr
    result = found["scenarios/buttons/test_press_py::test_press(gs4)#1"]
    assert (result["type"], result["verdict"]) == ("result", "PASS")
    assert "0.213" in result["figures"]
    assert {"BTN-01", "scenarios/buttons/test_press_py::test_press(gs4)"} <= set(result["links"])
    cases = {need["case_name"]: need for need in found.values() if need["type"] == "testcase"}
    verified = {name: [id_ for id_ in need["links"] if id_.startswith("BTN")] for name, need in cases.items()}
    assert verified == VERIFIES
    assert {need["requirement"] for need in cases.values()} == {"BTN-01", "BTN-02"}
    assert not done.stderr


@pytest.mark.parametrize(
    ("minus", "plus", "said"),
    [(0.002, 0.003, "213 ms -2/+3 ms"), (2.0834e-05, 2.0834e-05, "213 ms +/-0.021 ms"), (0.0, 0.0, "213 ms")],
)
def test_people_read_the_bounds_beside_the_value(minus: float, plus: float, said: str) -> None:
    from harness.evidence.wording import show_measured

    assert show_measured({"value": 0.213, "unit": "s", "uncertainty": {"minus": minus, "plus": plus}}) == said


def test_a_journal_without_bounds_is_read_as_before() -> None:
    from harness.evidence.wording import show_check

    old = {k: v for k, v in check("PASS", 0.213).items() if k != "uncertainty"}
    assert show_check(old) == "BTN-01: reaches, latency 213 ms, limit <= 250 ms"

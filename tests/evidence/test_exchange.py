"""Requirements through ReqIF, needs.json and CSV and back: nothing lost, and what is wrong is told with its place."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.evidence.exchange.as_csv import COLUMNS, read_csv, write_csv
from harness.evidence.exchange.as_html import write_html
from harness.evidence.exchange.as_needs import read_needs, write_needs
from harness.evidence.exchange.as_reqif import write_reqif
from harness.evidence.exchange.entries import Entries, read_entries, write_entries
from harness.evidence.exchange.from_reqif import read_reqif
from harness.evidence.exchange.trace import Scenario, Seeded, Trace, with_run
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.judging.requirements import Catalogue, load_requirements

ROOT = Path(__file__).resolve().parents[2]
WHEN = "2026-03-01T10:00:00+00:00"
FULL: dict[str, Any] = {
    "title": 'A "quoted" title; with, separators',
    "text": "First line.\n  Second line, 第二行 \"引号\" <b>&amp;</b>\n",
    "rationale": "Because.\tIt's so.",
    "title_zh": "“标题”，带标点",
    "text_zh": "第一行。\n  第二行 <b>&amp;</b>\n",
    "rationale_zh": "理由。",
    "version": 3,
    "status": "active",
    "needs": ["button.level | button.event", "speaker"],
    "limits": {
        "latency": {
            "max": "250 ms", "source": "A guideline, with a comma", "edition": "Phase 1, 2013", "clause": "3.1\nnote",
            "status": "guideline", "verified_by": "Li Lei 李雷",
        },
        "hold": {"value": "800 ms", "tolerance": "50 ms", "source": "maker's value"},
        "level": {"min": "-1 dB", "max": "1 dB", "source": "x", "status": "standard"},
        "count": {"equals": "1 1", "source": "maker's value"},
    },
    "from": "ended",
    "watch": "60 s",
    "watch_source": "a norm",
    "patience": "7 s",
    "statistic": "max",
    "samples": {"virtual": 59, "bench": 5},
}  # fmt: skip
SHORT: dict[str, Any] = {"title": "T", "text": "x", "rationale": "y", "version": 1, "status": "draft"}


def trace(entries: Entries) -> Trace:
    scenarios = (
        Scenario("scenarios/a.py::test_one[gs4]", ("AAA-01",), (("AAA-01", "latency"),)),
        Scenario("scenarios/a.py::test_none[gs4]", ()),
    )
    return Trace(entries, scenarios, (Seeded("aaa-01-late", "It comes late.", ("AAA-01",)),))


def as_csv(entries: Entries, folder: Path) -> Path:
    (folder / "a.csv").write_text(write_csv(trace(entries)), encoding="utf-8", newline="")
    return folder / "a.csv"


def as_needs(entries: Entries, folder: Path) -> Path:
    (folder / "needs.json").write_text(write_needs(trace(entries)), encoding="utf-8")
    return folder / "needs.json"


def as_reqif(entries: Entries, folder: Path) -> Path:
    (folder / "a.reqif").write_text(write_reqif(trace(entries), WHEN), encoding="utf-8", newline="")
    return folder / "a.reqif"


Reader = Callable[[Path], tuple[Entries, list[str]]]
Writer = Callable[[Entries, Path], Path]
FORMATS = pytest.mark.parametrize(
    ("write", "read"),
    [(as_csv, read_csv), (as_needs, read_needs), (as_reqif, read_reqif)],
    ids=["csv", "needs", "reqif"],
)


def plain(catalogue: Catalogue) -> dict[str, Any]:
    return {name: replace(catalogue[name], place=(Path(), 0)) for name in catalogue}


@FORMATS
def test_the_catalogue_comes_back_as_it_was(write: Writer, read: Reader, tmp_path: Path) -> None:
    entries: Entries = {"AAA-01": FULL, "AAA-02": SHORT, "B-01": {**SHORT, "limits": {"stoi": FULL["limits"]["count"]}}}
    before = write_entries(tmp_path / "before", entries)
    found, notes = read(write(read_entries(tmp_path / "before"), tmp_path))
    after = write_entries(tmp_path / "after", found)
    assert [p.name for p in before] == [p.name for p in after] == ["aaa.yaml", "b.yaml"]
    first, second = (load_requirements(tmp_path / name) for name in ("before", "after"))
    assert plain(second) == plain(first)
    assert list(second) == list(first)
    assert notes == []


@FORMATS
def test_the_projects_own_catalogue_comes_back(write: Writer, read: Reader, tmp_path: Path) -> None:
    here = ROOT / "scenarios" / "requirements"
    found, _ = read(write(read_entries(here), tmp_path))
    write_entries(tmp_path / "after", found)
    assert plain(load_requirements(tmp_path / "after")) == plain(load_requirements(here))


# what XML and YAML can both hold; a title of white space alone would be no title
texts = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), st.sampled_from("\n\r\t\"',;<&>要求")
    ),
    min_size=1,
    max_size=60,
).filter(lambda t: t.strip() and not any(ord(c) in (0xFFFE, 0xFFFF, 0x85, 0x2028, 0x2029) for c in t))


@FORMATS
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=texts, text=texts, source=texts)
def test_any_text_comes_back(write: Writer, read: Reader, title: str, text: str, source: str) -> None:
    limit = {"max": "1 s", "source": source, "status": "draft"}
    entries: Entries = {"AAA-01": {**SHORT, "title": title, "text": text, "limits": {"latency": limit}}}
    with tempfile.TemporaryDirectory() as scratch:
        found, _ = read(write(entries, Path(scratch)))
        assert found == entries
        write_entries(Path(scratch) / "out", found)
        assert read_entries(Path(scratch) / "out") == entries


def test_a_reqif_export_passes_the_packages_own_check_and_hangs_in_a_hierarchy(tmp_path: Path) -> None:
    from reqif.cli.cli_arg_parser import ValidateCommandConfig
    from reqif.commands.validate.validate import ValidateCommand
    from reqif.parser import ReqIFParser

    path = as_reqif({"AAA-01": FULL, "AAA-02": SHORT}, tmp_path)
    found = ValidateCommand._validate(ValidateCommandConfig(input_file=str(path), use_reqif_schema=True))
    assert not found.has_any_errors(), [e.get_description() for e in found.schema_errors]
    bundle = ReqIFParser.parse(str(path))
    content = bundle.core_content.req_if_content
    [specification] = content.specifications
    placed = [(h.level, h.spec_object) for h in bundle.iterate_specification_hierarchy(specification)]
    assert {object_ for _, object_ in placed} == {o.identifier for o in content.spec_objects}
    assert [level for level, _ in placed] == [1, 2, 2, 2, 2, 1, 1, 1, 1]


def test_what_xml_cannot_hold_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"AAA-01\.title: holds U\+0007"):
        as_reqif({"AAA-01": {**SHORT, "title": "a\x07b"}}, tmp_path)


def test_the_same_trace_gives_the_same_bytes() -> None:
    one, two = trace({"AAA-01": FULL}), trace({"AAA-01": FULL})
    assert write_needs(one) == write_needs(two)
    assert write_csv(one) == write_csv(two)
    assert write_reqif(one, WHEN) == write_reqif(two, WHEN)


def test_csv_shows_scenarios_defects_and_what_measured_each_limit() -> None:
    rows = list(csv.DictReader(io.StringIO(write_csv(trace({"AAA-01": FULL, "AAA-02": SHORT})).removeprefix("\ufeff"))))
    latency, short = rows[0], rows[-1]
    assert (latency["quantity"], latency["measured_by"]) == ("latency", "scenarios/a.py::test_one[gs4]")
    assert latency["defects"] == "aaa-01-late"
    assert rows[1]["measured_by"] == ""
    assert (short["id"], short["scenarios"], short["defects"], short["verdicts"]) == (
        "AAA-02",
        "none",
        "none",
        "NOT EXECUTED",
    )


def test_needs_are_linked_requirement_limit_scenario_defect() -> None:
    needs = json.loads(write_needs(trace({"AAA-01": FULL})))["versions"]["1"]["needs"]
    assert needs["AAA-01_latency"]["links"] == ["AAA-01"]
    assert needs["AAA-01_latency"]["title"] == "latency <= 250 ms"
    assert needs["scenarios/a_py::test_one(gs4)"]["links"] == ["AAA-01", "AAA-01_latency"]
    assert needs["aaa-01-late"]["links"] == ["AAA-01"]


def test_the_page_names_the_gaps_and_escapes(tmp_path: Path) -> None:
    page = write_html(trace({"AAA-01": FULL, "AAA-02": SHORT}))
    assert "<b>&amp;amp;" not in page
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in page
    head = page.partition("<section")[0]
    assert "Without a scenario:</span> AAA-02" in head
    assert "Without a seeded defect:</span> AAA-02" in head
    assert "test_none" in head
    assert "source verified by Li Lei 李雷" in page
    assert page.count("NOT EXECUTED") == 2


def test_a_run_adds_verdicts_and_who_measured_what() -> None:
    figure = {"quantity": "latency", "value": 0.2, "unit": "s", "margin": 0.05, "limit": {}, "case": "x"}
    cell = {"verdict": "PASS", "reason": "", "cases": 1, "worst": figure}
    measured = [{"requirement": "AAA-01", "quantity": "hold"}, {"requirement": "", "quantity": "x"}]
    run = {
        "cases": [{"id": "scenarios/a.py::test_one[f5]", "measurements": measured}],
        "requirements": [{"id": "AAA-01", "cars": {"gs4": cell}}],
    }
    before = trace({"AAA-01": FULL})
    scenarios, cars = with_run(before.scenarios, run)
    told = Trace(before.entries, scenarios, before.defects, cars, "0007")
    assert [s.id for s in told.measuring("AAA-01", "hold")] == ["scenarios/a.py::test_one[gs4]"]
    assert "gs4: PASS, latency 200 ms, margin +50 ms" in write_csv(told)
    assert "latency 200 ms, margin +50 ms" in write_html(told)


# -- what others write ------------------------------------------------------------------------------------------------
CSV = "id,title,text,rationale,version,status,quantity,max,source,limit_status\n"
CSV_MISTAKES = [
    ("title,text\nA,b\n", 1, "no column 'id'"),
    ("id,title,text,id\n", 1, "stands twice"),
    (CSV, None, "no requirement in it"),
    (CSV + "AAA-01,T,x,y,1,draft,,,,\nBBB1,T,x,y,1,draft,,,,\n", 3, "should match pattern"),
    (CSV + 'AAA-01,"T\nT",x,y,1,draft,,,,\nAAA-02,T,x,y,1,drft,,,,\n', 4, "'draft' or 'active'"),
    (CSV + "AAA-01,T,x,y,one,draft,,,,\n", 2, "valid integer"),
    (CSV + "AAA-01,T,x,y,1,draft,latency,250,s,draft\n", 2, "not a number with a unit"),
    (CSV + "AAA-01,T,x,y,1,draft,latency,1 s,,\n", 2, "is missing"),
    (CSV + "AAA-01,T,x,y,1,draft,a,1 s,s,draft\nAAA-01,,,,,,a,2 s,s,draft\n", 3, "the limit stands twice"),
    (CSV + "AAA-01,T,x,y,1,draft,,,,\nAAA-01,U,,,,,a,2 s,s,draft\n", 3, "line 2 has another title"),
    (CSV + "AAA-01,T,x,y,1,draft,,1 s,s,draft\n", 2, "a limit without its quantity"),
    (CSV + ",T,x,y,1,draft,,,,\n", 2, "the id is missing"),
    (CSV + "AAA-01,T,x,y,1,draft,,,,,more\n", 2, "more cells than columns"),
    (CSV + "AAA-01,,x,y,1,draft,,,,\n", 2, "is missing"),
]


@pytest.mark.parametrize(("text", "line", "problem"), CSV_MISTAKES)
def test_a_mistake_in_csv_is_told_with_its_line(tmp_path: Path, text: str, line: int | None, problem: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    told(lambda: read_csv(path), path, line, problem)


def test_csv_of_a_spreadsheet_with_semicolons_and_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text(
        "\ufeffid;title;text;owner\r\nAAA-01;Titel;Das, was gilt;Anna\r\n;;;\r\n", encoding="utf-8", newline=""
    )
    entries, notes = read_csv(path)
    assert entries["AAA-01"]["text"] == "Das, was gilt"
    assert (entries["AAA-01"]["version"], entries["AAA-01"]["status"]) == (1, "draft")
    assert notes[0] == "columns left out: owner"
    assert notes[1] == "1 without rationale, taken as 'not given in theirs.csv': AAA-01"


NEEDS_MISTAKES = [
    ("{", 1, "not JSON"),
    ("[]", 1, "no 'versions'"),
    ('{"versions": {"1": {}}}', 1, "has no 'needs'"),
    ('{"versions": {"1": {"needs": {}}, "2": {"needs": {}}}, "current_version": "3"}', 1, "no such version"),
    ('{"versions": {"1": {"needs": {\n"AAA-01": 7}}}}', 2, "is no need"),
    ('{"versions": {"1": {"needs": {\n"A-01": {"type": "req",\n"title": "T",\n"status": "opn"}}}}}', 4, "'active'"),
    ('{"versions": {"1": {"needs": {\n"REQ7": {"type": "req", "title": "T", "content": "x"}}}}}', 2, "match pattern"),
    ('{"versions": {"1": {"needs": {\n"L": {"type": "limit",\n"quantity": "q"}}}}}', 2, "linked to no requirement"),
    ('{"versions": {"1": {"needs": {"AAA-01": {"type": "req"},\n"AAA-01": {"type": "req"}}}}}', 1, "stands twice"),
    ('{"versions": {"1": {"needs": {"T": {"type": "spec"}}}}}', None, "no requirement in it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "problem"), NEEDS_MISTAKES)
def test_a_mistake_in_needs_json_is_told_with_its_line(
    tmp_path: Path, text: str, line: int | None, problem: str
) -> None:
    path = tmp_path / "needs.json"
    path.write_text(text, encoding="utf-8")
    told(lambda: read_needs(path), path, line, problem)


def test_needs_of_an_older_sphinx_needs_carry_the_text_as_description(tmp_path: Path) -> None:
    need = {"id": "AAA-01", "type": "req", "title": "T", "description": "They say so.", "status": None, "tags": ["x"]}
    other = {"id": "S-1", "type": "spec", "title": "T"}
    document = {"current_version": "0.1", "versions": {"0.1": {"needs": {"AAA-01": need, "S-1": other}}}}
    (tmp_path / "needs.json").write_text(json.dumps(document))
    entries, notes = read_needs(tmp_path / "needs.json")
    assert entries["AAA-01"]["text"] == "They say so."
    assert notes[0] == "1 needs of other types left out"


FOREIGN = (Path(__file__).parent / "data" / "another_tool.reqif").read_text(encoding="utf-8")


def test_another_tools_reqif_is_read_by_its_foreign_ids(tmp_path: Path) -> None:
    path = tmp_path / "doors.reqif"
    path.write_text(FOREIGN, encoding="utf-8")
    entries, notes = read_reqif(path)
    assert list(entries) == ["AAA-01"]
    assert entries["AAA-01"]["text"] == "The unit shall answer soon.\nWithin 250 ms."
    assert entries["AAA-01"]["title"] == "The unit shall answer soon."
    assert notes[0] == "1 headings without an id left out"


REQIF_MISTAKES = [
    ("AAA-01", "AAA1", 14, "match pattern"),
    ("<?xml", "<!x", 1, "not XML"),
    ("REQ-IF", "REQUIF", 2, "no ReqIF"),
    ('"UTF-8"?>', '"UTF-8"?><!DOCTYPE REQ-IF [<!ENTITY a "b">]>', 1, "document type"),
    ('LONG-NAME="ReqIF.ForeignID"', 'LONG-NAME="Id"', 14, "no ReqIF.ForeignID"),
    ('<SPEC-OBJECT-TYPE IDENTIFIER="t"', '<SPEC-OBJECT-TYPE IDENTIFIER="u"', 11, "not in the file"),
    ("<VALUES>", "<VALUES><NONSENSE/>", None, "not the ReqIF we know"),
    ("CORE-CONTENT>", "CORE>", None, "no content"),
]


@pytest.mark.parametrize(("old", "new", "line", "problem"), REQIF_MISTAKES)
def test_a_mistake_in_reqif_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int | None, problem: str
) -> None:
    assert old in FOREIGN
    path = tmp_path / "bad.reqif"
    path.write_text(FOREIGN.replace(old, new), encoding="utf-8")
    told(lambda: read_reqif(path), path, line, problem)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"\x00" * 40, "\ufeff".encode(), b"<REQ-IF/>"])
@pytest.mark.parametrize(("read", "name"), [(read_csv, "x.csv"), (read_needs, "x.json"), (read_reqif, "x.reqif")])
def test_rubbish_is_bad_input_and_no_traceback(tmp_path: Path, read: Reader, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises((BadInput, SeveralBadInputs)):
        read(tmp_path / name)


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("schema: 1\n")
    with pytest.raises(BadInput, match=r"already holds mine\.yaml"):
        write_entries(tmp_path, {"AAA-01": SHORT})


def test_every_field_of_the_requirement_file_has_its_place() -> None:
    from harness.judging.requirements import RequirementModel
    from harness.vehicle.limits import LimitModel

    fields = {f.alias or name for name, f in RequirementModel.model_fields.items()}
    assert fields - {"limits", "samples"} <= set(COLUMNS)
    assert {f"limit_{name}" if name == "status" else name for name in LimitModel.model_fields} <= set(COLUMNS)


def told(act: Callable[[], object], path: Path, line: int | None, problem: str) -> None:
    with pytest.raises((BadInput, SeveralBadInputs)) as caught:
        act()
    errors = caught.value.errors if isinstance(caught.value, SeveralBadInputs) else [caught.value]
    hits = [e for e in errors if problem in e.problem]
    assert hits, [str(e) for e in errors]
    assert (hits[0].where, hits[0].line) == (path, line)
    assert hits[0].remedy

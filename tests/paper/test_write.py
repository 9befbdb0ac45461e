"""The report as a file: what an archive asks of it, and that the same run gives the same bytes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.paper.write import write_pdf
from harness.foundation.errors import BadInput

Paper = Callable[..., tuple[Any, list[str]]]
Text = Callable[[Any], str]


def fonts(reader: Any) -> Iterator[Any]:
    """Every font descriptor that a page names."""
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            for inner in font.get_object().get("/DescendantFonts", [font]):
                yield font.get_object(), inner.get_object()["/FontDescriptor"].get_object()


def test_it_says_that_it_is_pdf_a_3b(every_verdict: Path, paper: Paper) -> None:
    reader, _ = paper(every_verdict)
    root = reader.trailer["/Root"]
    told = root["/Metadata"].get_data().decode()
    assert re.search(r"<pdfaid:part>3</pdfaid:part>", told)
    assert re.search(r"<pdfaid:conformance>B</pdfaid:conformance>", told)
    intent = root["/OutputIntents"][0].get_object()
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"  # the signature of an ICC profile
    assert reader.pdf_header == "%PDF-1.7"
    assert not reader.is_encrypted
    assert "/ID" in reader.trailer


def test_every_font_is_embedded_and_can_be_read_back(every_verdict: Path, paper: Paper) -> None:
    reader, _ = paper(every_verdict, "zh")
    found = list(fonts(reader))
    assert found
    for font, descriptor in found:
        assert "/ToUnicode" in font
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
        assert re.match(r"/[A-Z]{6}\+NotoSans(CJKsc)?-", descriptor["/FontName"])  # a subset of ours, and nothing else


def test_nothing_in_it_acts_or_reaches_out(every_verdict: Path, paper: Paper) -> None:
    reader, _ = paper(every_verdict)
    root = reader.trailer["/Root"]
    assert not {"/AA", "/OpenAction", "/AcroForm"} & set(root)
    assert "/JavaScript" not in root.get("/Names", {})
    acts = {a.get_object()["/A"]["/S"] for page in reader.pages for a in page.get("/Annots", [])
            if "/A" in a.get_object()}  # fmt: skip
    assert acts <= {"/GoTo"}


def test_the_figures_travel_with_it(every_verdict: Path, paper: Paper) -> None:
    reader, _ = paper(every_verdict)
    assert reader.attachments["run.json"] == [(every_verdict / "run.json").read_bytes()]
    files = reader.trailer["/Root"]["/AF"]
    assert [f.get_object()["/AFRelationship"] for f in files] == ["/Data"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_run_gives_the_same_bytes(every_verdict: Path, full_lab: Path, tmp_path: Path, lang: str) -> None:
    code = (
        "import sys; from pathlib import Path; from harness.evidence.paper.write import write_pdf; "
        "write_pdf(Path(sys.argv[1]), Path(sys.argv[2]), lang=sys.argv[3], lab=Path(sys.argv[4]))"
    )
    made = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.pdf"
        subprocess.run(
            [sys.executable, "-P", "-c", code, str(every_verdict), str(out), lang, str(full_lab)],
            check=True, env={"PYTHONHASHSEED": seed, "TZ": f"UTC-{seed}", "PATH": ""}, cwd=tmp_path,
        )  # fmt: skip
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_its_date_is_the_end_of_the_run(every_verdict: Path, paper: Paper) -> None:
    reader, _ = paper(every_verdict)
    assert reader.metadata["/CreationDate"].startswith("D:20260301100004")


def test_every_page_has_number_and_count_and_the_last_the_end(every_verdict: Path, paper: Paper) -> None:
    reader, _ = paper(every_verdict)
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
    (number,) = set(re.findall(r"0007-2026-03-01-[0-9a-f]{8}-EN", pages[0]))
    for n, page in enumerate(pages, start=1):
        assert number in page
        assert f"Page {n} of {len(pages)}" in page
    assert f"End of report {number}" in pages[-1]
    assert "End of report" not in " ".join(pages[:-1])


def test_two_runs_in_folders_of_one_name_get_two_numbers(changed: Path, paper: Paper, text: Text) -> None:
    before = text(paper(changed)[0])
    facts = json.loads((changed / "meta.json").read_text())
    (changed / "meta.json").write_text(json.dumps({**facts, "started": "2026-03-02T10:00:00+00:00"}))
    after = text(paper(changed)[0])
    assert re.findall(r"0007-2026-03-01-\w{8}-EN", before)[0] not in after


def test_a_run_without_an_end_has_its_start_for_a_date(run: Any, paper: Paper, text: Text) -> None:
    from harness.evidence.finish import finish

    run.meta(ended=None, interrupted=True)
    run.case("test_killed", None)
    finish(run.out, allure=False)
    reader, _ = paper(run.out)
    assert reader.metadata["/CreationDate"].startswith("D:20260301100000")
    assert "Therunwasinterrupted." in text(reader)
    assert "test_killed" in text(reader)


def test_a_folder_without_reports_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"hil report DIR"):
        write_pdf(tmp_path, tmp_path / "x.pdf", lang="en", lab=None)
    assert not (tmp_path / "x.pdf").exists()


def test_a_project_lays_it_out_its_own_way(every_verdict: Path, tmp_path: Path, text: Text) -> None:
    pypdf = pytest.importorskip("pypdf")
    own = tmp_path / "project" / "reports" / "templates"
    (own / "report").mkdir(parents=True)
    (own / "report" / "cover.typ").write_text(
        '#import "style.typ": d\n#let cover = [This cover of #d.number is ours]\n'
    )
    code = (
        "import sys; from pathlib import Path; from harness.evidence.paper.write import write_pdf; "
        "write_pdf(Path(sys.argv[1]), Path(sys.argv[2]), lang='en', lab=None)"
    )
    out = tmp_path / "own.pdf"
    command = [sys.executable, "-P", "-c", code, str(every_verdict), str(out)]
    subprocess.run(command, check=True, cwd=tmp_path / "project")
    shown = text(pypdf.PdfReader(out))
    assert re.search(r"Thiscoverof0007-2026-03-01-\w{8}-ENisours", shown)
    assert "9Requirementbyrequirement" in shown  # all else is as it was

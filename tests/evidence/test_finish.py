"""finish: from case folders to every report, whatever state they were left in."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.finish import finish
from harness.foundation.errors import BadInput
from harness.foundation.values import Verdict


def tree(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def case_of(data: Any, name: str) -> Any:
    return next(c for c in data["cases"] if c["id"] == name)


def test_every_verdict_is_counted_and_the_worst_decides(every_verdict: Any) -> None:
    summary = finish(every_verdict.out, allure=False)
    assert summary.data["totals"] == {
        "PASS": 5, "FAIL": 3, "BLOCKED": 1, "ERROR": 1, "INCONCLUSIVE": 1, "NOT_APPLICABLE": 1, "NOT_EXECUTED": 2,
    }  # fmt: skip
    assert summary.exit_code == 4
    assert json.loads((every_verdict.out / "run.json").read_text()) == summary.data


def test_doing_it_twice_gives_the_same_bytes(every_verdict: Any) -> None:
    finish(every_verdict.out, allure=False)
    first = tree(every_verdict.out)
    finish(every_verdict.out, allure=False)
    assert tree(every_verdict.out) == first


def test_the_reports_of_a_copied_folder_are_the_same_but_for_its_recordings(every_verdict: Any, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / every_verdict.out.name
    shutil.copytree(every_verdict.out, copy)
    finish(every_verdict.out, allure=False)
    finish(copy, allure=False)
    assert tree(copy) == tree(every_verdict.out)


def test_cases_stand_in_the_order_of_collection_not_of_folders(run_folder: Any) -> None:
    for name in ("test_b", "test_a", "test_c"):
        run_folder.case(name)
    assert [c["id"] for c in finish(run_folder.out, allure=False).data["cases"]] == ["test_b", "test_a", "test_c"]


def test_the_journal_is_the_shards_bytes_one_after_another(run_folder: Any) -> None:
    folders = [run_folder.case(name) for name in ("test_b", "test_a")]
    finish(run_folder.out, allure=False)
    expected = b"".join((f / "journal.jsonl").read_bytes() for f in folders)
    assert (run_folder.out / "journal.jsonl").read_bytes() == expected


def test_a_case_that_was_cut_off_is_named_with_its_step(run_folder: Any) -> None:
    run_folder.case("test_killed[gs4]", None)
    summary = finish(run_folder.out, allure=False)
    killed = case_of(summary.data, "test_killed[gs4]")
    assert killed["verdict"] == "NOT_EXECUTED"
    assert killed["reason"] == "cut off during: driver presses messaging (reached 2.200 s)"
    assert summary.exit_code == 3
    for report in ("summary.html", "junit.xml", "run.json"):
        assert "cut off during: driver presses messaging" in (run_folder.out / report).read_text()
    results = list((run_folder.out / "allure-results").glob("*-result.json"))
    assert "cut off during: driver presses messaging" in results[0].read_text()


def test_what_the_keeper_did_then_is_told_with_a_case_that_was_cut_off(run_folder: Any) -> None:
    folder = run_folder.case("test_killed[gs4]", None)
    steps = [
        {"t": 3_000_000_000, "begins": "safe state", "because": "the test process is gone"},
        {"t": 3_002_000_000, "step": "KL15 off", "took_s": 0.002, "said": "done"},
        {"t": 4_002_000_000, "step": "wait for sleep", "took_s": 1.0, "said": "still awake at 0.4 A"},
        {"t": 4_010_000_000, "step": "KL30 off", "took_s": 0.008, "said": "done"},
        {"t": 4_010_000_000, "ends": "safe state", "good": True},
    ]
    (folder / "safe_state.jsonl").write_text("".join(json.dumps(s) + "\n" for s in steps), "utf-8")
    reason = case_of(finish(run_folder.out, allure=False).data, "test_killed[gs4]")["reason"]
    assert reason.endswith(
        ". the test process is gone: the rig was made safe (KL15 off after 0.002 s, KL30 off after 1.010 s, "
        "wait for sleep: still awake at 0.4 A)"
    )


def test_a_torn_last_line_is_left_in_its_shard(run_folder: Any) -> None:
    folder = run_folder.case("test_killed", None)
    run_folder.case("test_next")
    whole = (folder / "journal.jsonl").read_bytes()
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(b'{"kind":"check","n":5')
    summary = finish(run_folder.out, allure=False)
    assert case_of(summary.data, "test_killed")["verdict"] == "NOT_EXECUTED"
    merged = (run_folder.out / "journal.jsonl").read_bytes()
    assert merged.startswith(whole)
    assert all(json.loads(line) for line in merged.splitlines())


def test_a_case_that_died_before_its_first_line_is_named(run_folder: Any) -> None:
    folder = run_folder.case("test_early", None)
    (folder / "journal.jsonl").write_bytes(b"")
    reason = case_of(finish(run_folder.out, allure=False).data, "test_early")["reason"]
    assert reason == "cut off during: the start of the case"


@pytest.mark.parametrize("left", ["", "{", "null"])
def test_a_torn_pending_file_costs_nothing_but_the_title(run_folder: Any, left: str) -> None:
    folder = run_folder.case("test_early", None)
    (folder / "pending.json").write_text(left)
    (folder / "journal.jsonl").unlink()
    ids = [c["id"] for c in finish(run_folder.out, allure=False).data["cases"]]
    assert folder.name in ids


def test_what_was_collected_and_never_began_is_not_executed(run_folder: Any) -> None:
    run_folder.case("test_one")
    run_folder.collect("test_two")
    summary = finish(run_folder.out, allure=False)
    assert case_of(summary.data, "test_two")["reason"] == "never started: the run ended before its turn"
    assert summary.exit_code == 3


def test_a_changed_journal_is_an_error_of_its_case(run_folder: Any) -> None:
    folder = run_folder.case("test_changed", Verdict.FAIL, latency=0.4)
    text = (folder / "journal.jsonl").read_text()
    (folder / "journal.jsonl").write_text(text.replace('"verdict":"FAIL"', '"verdict":"PASS"', 1))
    changed = case_of(finish(run_folder.out, allure=False).data, "test_changed")
    assert changed["verdict"] == "ERROR"
    assert "the journal cannot be trusted" in changed["reason"]


def test_an_earlier_attempt_that_failed_stays_red(run_folder: Any) -> None:
    run_folder.case("test_flaky", Verdict.FAIL, latency=0.4)
    run_folder.case("test_flaky", attempt=2, collect=False)
    summary = finish(run_folder.out, allure=False)
    assert [c["attempt"] for c in summary.data["cases"]] == [1, 2]
    assert summary.exit_code == 1


def test_a_crash_of_a_runner_is_our_error_even_if_all_that_ran_passed(run_folder: Any) -> None:
    run_folder.meta(crash={"what": "pytest ended with signal 11 (SIGSEGV)", "tail": "Segmentation fault"})
    run_folder.case("test_one")
    summary = finish(run_folder.out, allure=False)
    assert summary.exit_code == 4
    assert "SIGSEGV" in (run_folder.out / "summary.html").read_text()


def test_a_measurement_carries_value_unit_limit_and_margin(run_folder: Any) -> None:
    run_folder.case("test_one", latency=0.16)
    [measurement] = finish(run_folder.out, allure=False).data["cases"][0]["measurements"]
    assert (measurement["value"], measurement["unit"], measurement["limit"]["high"]) == (0.16, "s", 0.25)
    assert measurement["margin"] == pytest.approx(0.089)


def test_junit_maps_blame_to_its_own_words(every_verdict: Any) -> None:
    finish(every_verdict.out, allure=False)
    root = ET.parse(every_verdict.out / "junit.xml").getroot()
    found = {
        case.get("name"): next(((e.tag, e.get("type")) for e in case if e.tag != "properties"), None)
        for case in root.iter("testcase")
    }
    assert found["test_slow_press[gs4]"] == ("failure", "FAIL")
    assert found["test_rig[gs4]"] == ("error", "BLOCKED")
    assert found["test_bug[gs4]"] == ("error", "ERROR")
    assert found["test_edge[gs4]"] == ("error", "INCONCLUSIVE")
    assert found["test_ladder[gs4]"] == ("skipped", "NOT_APPLICABLE")
    assert found["test_press_wakes_messaging[gs4]"] is None
    requirements = {p.get("value") for p in root.iter("property") if p.get("name") == "requirement"}
    assert requirements == {"BTN-01", "OUT-01"}
    assert sum(int(suite.get("tests", 0)) for suite in root) == 14


def test_control_characters_in_a_reason_do_not_break_junit(run_folder: Any) -> None:
    run_folder.case("test_odd", Verdict.BLOCKED, reason="console said \x1b[31m\x00 & <login>")
    finish(run_folder.out, allure=False)
    assert ET.parse(run_folder.out / "junit.xml") is not None


def test_the_page_needs_nothing_from_outside_and_escapes_what_units_say(run_folder: Any) -> None:
    run_folder.case("test_odd", Verdict.FAIL, latency=0.4, reason="<script>alert(1)</script>")
    finish(run_folder.out, allure=False)
    page = (run_folder.out / "summary.html").read_text()
    assert "<script" not in page
    assert "https://" not in page
    assert 'src="http' not in page
    assert "vehicle modelled by this project" in page


def test_a_folder_that_is_no_run_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no run was ever started"):
        finish(tmp_path)
    with pytest.raises(BadInput, match="no such run folder"):
        finish(tmp_path / "nowhere")


def test_a_case_is_not_blamed_for_what_another_requirement_missed(run_folder: Any) -> None:
    run_folder.case("test_both", Verdict.FAIL, latency=0.16, reason="MSG-02 missed")
    [case] = finish(run_folder.out, allure=False).cases
    assert case.verdict_on("BTN-01") is Verdict.PASS
    assert case.verdict_on("MSG-02") is Verdict.NOT_EXECUTED


def test_the_software_is_what_a_case_read_from_the_unit(run_folder: Any) -> None:
    run_folder.case("test_a[gs4]")
    run_folder.case("test_b[gs4]", software="1.4.0")
    data = finish(run_folder.out, allure=False).data
    assert data["software"] == data["cars"]["gs4"]["software"] == "1.4.0"


def test_two_cars_with_two_versions_have_no_common_one(run_folder: Any) -> None:
    run_folder.case("test_a[gs4]", software="1.4.0")
    run_folder.case("test_a[f5]", software="3.1", vehicle="f5")
    data = finish(run_folder.out, allure=False).data
    assert data["software"] is None
    assert {car: told["software"] for car, told in data["cars"].items()} == {"gs4": "1.4.0", "f5": "3.1"}

"""What stands in the report: every field of ISO/IEC 17025:2017, 7.8.2.1, every verdict, and what nobody gave."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.finish import finish
from harness.evidence.paper.words import words
from harness.foundation.errors import BadInput
from harness.foundation.values import Verdict

Paper = Callable[..., tuple[Any, list[str]]]
Text = Callable[[Any], str]

HEADINGS = {  # letter -> what a reader looks for, in English and in Chinese
    "a": ("Title", "标题"),
    "b": ("Name and address of the laboratory", "实验室名称和地址"),
    "c": ("Location where the laboratory activities were performed", "实验室活动的实施地点"),
    "d": ("Unique identification and end", "唯一性标识与结束标识"),
    "e": ("Name and contact of the customer", "客户名称和联络信息"),
    "f": ("Method used", "所用方法"),
    "g": ("Item: description, identification, condition", "物品的描述、标识及状态"),
    "h": ("Date of receipt of the item, date of sampling", "物品接收日期、抽样日期"),
    "i": ("Dates of performance", "实施实验室活动的日期"),
    "j": ("Date of issue", "报告的发布日期"),
    "k": ("Sampling plan and method", "抽样计划和抽样方法"),
    "l": ("Statement that the results relate only to the items tested", "结果仅与被测物品有关的声明"),
    "m": ("Results with units", "结果及测量单位"),
    "n": ("Additions to, deviations or exclusions from the method", "对方法的补充、偏离或删减"),
    "o": ("Person authorising the report", "报告批准人"),
    "p": ("Results from external providers", "来自外部供应商的结果"),
}


def squeezed(*parts: str) -> str:
    return re.sub(r"\s+", "", "".join(parts))


@pytest.mark.parametrize(("lang", "column"), [("en", 0), ("zh", 1)])
def test_every_letter_has_its_place(
    every_verdict: Path, full_lab: Path, paper: Paper, lang: str, column: int, text: Text
) -> None:
    shown = text(paper(every_verdict, lang, full_lab)[0])
    assert list(HEADINGS) == list("abcdefghijklmnop")
    at = 0
    for letter, names in HEADINGS.items():
        found = shown.find(squeezed(f"{letter})", names[column]), at)
        assert found >= at, f"{letter}) is not there, or not in its order"
        at = found


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_the_laboratory_said_stands_there_and_nothing_is_missing(
    every_verdict: Path, full_lab: Path, paper: Paper, lang: str, text: Text
) -> None:
    reader, missing = paper(every_verdict, lang, full_lab)
    shown = text(reader)
    for said in ("北方实验室", "Tianjin Road 68", "Hall 2", "Customer AG", "Shanghai", "2026-000123", "2026-02-11",
                 "Li Na, 2026-01-30", "MRS-7", "Wang Fang, engineer", "Chen Jie, head of laboratory", "2026-03-05",
                 "23 °C", "PS 9080", "2025-03-01", "2027-03-01", "K-1"):  # fmt: skip
        assert squeezed(said) in shown, said
    assert missing == []
    assert squeezed(words("zh" if lang == "zh" else "en")["missing_none"]) in shown


def test_what_is_missing_is_listed_and_not_invented(every_verdict: Path, paper: Paper, text: Text) -> None:
    reader, missing = paper(every_verdict)
    shown = text(reader)
    places = {line.rpartition("(")[2] for line in missing}
    for key in ("laboratory.name", "laboratory.address", "place", "customer.name", "method.specification",
                "item.received", "report.issued", "authorises.name", "external", "ran", "method.version",
                "method.approved_by", "environment.temperature", "environment.humidity"):  # fmt: skip
        assert f"lab.yaml: {key})" in places, key
        assert squeezed(f"lab.yaml: {key}") in shown
    assert squeezed(f"{len(missing)} pieces of information are missing; section 12 lists them.") in shown
    assert squeezed("12 Missing information") in shown
    assert squeezed("b) Name and address of the laboratory not given") in shown


def test_an_example_says_so_on_every_page(every_verdict: Path, paper: Paper, tmp_path: Path) -> None:
    lab = tmp_path / "example.yaml"
    lab.write_text("schema: 1\nexample: true\n")
    reader, missing = paper(every_verdict, "en", lab)
    said = words("en")["example"]
    assert missing[0] == f"{said} (lab.yaml: example)"
    for page in reader.pages:
        assert squeezed(said) in squeezed(page.extract_text())


def test_an_instrument_whose_calibration_had_run_out_is_told(
    every_verdict: Path, paper: Paper, tmp_path: Path, text: Text
) -> None:
    lab = tmp_path / "lab.yaml"
    lab.write_text(
        "schema: 1\ninstruments:\n"
        "  - {name: Meter, calibrated: 2025-01-01, due: 2026-02-28}\n"
        "  - {name: Supply, calibrated: 2025-01-01, due: 2026-03-01}\n"
    )
    reader, missing = paper(every_verdict, "en", lab)
    told = [line for line in missing if "had run out" in line]
    assert told == ["Instrument Meter: had run out on the day of the tests (2026-02-28) (lab.yaml: instruments.0.due)"]
    assert squeezed("had run out on the day of the tests") in text(reader)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_verdict_is_there_in_its_language(every_verdict: Path, paper: Paper, lang: str, text: Text) -> None:
    shown = text(paper(every_verdict, lang)[0])
    w = words("zh" if lang == "zh" else "en")
    for verdict in Verdict:
        assert squeezed(w[str(verdict)], w[f"m_{verdict}"]) in shown
    for case, reason in (("test_slow", "listening after 310 ms"), ("test_edge", "straddles 250 ms"),
                         ("test_rig", "delivered nothing for 2 s"), ("test_bug", "KeyError"),
                         ("test_killed", "cut off during")):  # fmt: skip
        assert squeezed(case) in shown
        assert squeezed(reason) in shown


def test_a_result_has_value_unit_uncertainty_margin_count_and_verdict(
    every_verdict: Path, paper: Paper, text: Text
) -> None:
    shown = text(paper(every_verdict)[0])
    # the tightest of gs4's samples against the limit, then the one of f5; below each other
    assert squeezed("gs4 latency <= 250 ms 400 ms −1/+2 −152 5 FAIL") in shown
    assert squeezed("f5 latency <= 250 ms 210 ms −1/+2 +38 1 PASS") in shown


def test_what_was_not_executed_is_named_and_does_not_pass(every_verdict: Path, paper: Paper, text: Text) -> None:
    shown = text(paper(every_verdict)[0])
    assert squeezed("of what was executed: 1 requirements were not") in shown
    assert (
        squeezed("Requirements not executed", "Requirement Version" * 2, "PWR-01 Cranking interrupts nothing 1")
        in shown
    )


def test_deviations_additions_and_attempts(every_verdict: Path, paper: Paper, text: Text) -> None:
    shown = text(paper(every_verdict)[0])
    assert squeezed("HU-1042 A. Meier 2027-01-31 covers a known failure FAIL") in shown
    assert squeezed("Seeded defects: btn-01-slow") in shown
    assert squeezed("11 attempts at 10 cases.") in shown
    assert squeezed("test_press.py::test_flaky gs4 1 FAIL") in shown
    assert squeezed("test_press.py::test_flaky gs4 2 PASS") in shown
    assert squeezed("buttons/test_press.py::test_flaky F P") in shown  # the matrix, attempts in order


def test_the_specification_is_told_by_version_approval_and_fingerprint(
    changed: Path, full_lab: Path, paper: Paper, text: Text
) -> None:
    before = text(paper(changed, "en", full_lab)[0])
    print_of = re.compile(r"Fingerprintoftherequirements\(SHA-256\)([0-9a-f]{64})")
    first = print_of.search(before)
    assert first
    assert squeezed("Command ./hil run --vehicle gs4,f5") in before
    facts = json.loads((changed / "meta.json").read_text())
    facts["requirements"]["OUT-01"]["text"] = "Almost all gone."
    (changed / "meta.json").write_text(json.dumps(facts))
    second = print_of.search(text(paper(changed, "en", full_lab)[0]))
    assert second
    assert first[1] != second[1]


def test_a_chinese_title_is_used_where_the_run_has_one(every_verdict: Path, paper: Paper, text: Text) -> None:
    assert squeezed("BTN-01 按键唤醒消息应用") in text(paper(every_verdict, "zh")[0])
    assert squeezed("OUT-01 Leaving logs out") in text(paper(every_verdict, "zh")[0])
    assert "按键唤醒" not in text(paper(every_verdict, "en")[0])


def test_a_budget_is_shown_with_its_sum_and_guard_band(run: Any, paper: Paper, text: Text) -> None:
    part = {"what": "sample period", "source": "audio/amp", "half_width": 0.00002, "minus": 0.00002, "plus": 0.00003,
            "unit": "s", "from": "declared by the driver"}  # fmt: skip
    made = {"minus": 0.001, "plus": 0.002, "guard_band": {"low": None, "high": 0.002}, "coverage": "bounds",
            "components": [part]}  # fmt: skip
    run.case("test_wakes", also={"uncertainty": made})
    run.case("test_exact", requirement="OUT-01", also={"uncertainty": {"minus": 0.0, "plus": 0.0, "components": []}})
    finish(run.out, allure=False)
    english = text(paper(run.out)[0])
    assert (
        squeezed("latency (BTN-01, gs4)", "sample period, audio/amp, declared by the driver", "0.02 ms 0.03 ms")
        in english
    )
    assert squeezed("Guard band (low / high): – / 2 ms", "1 ms 2 ms") in english
    assert squeezed("采样周期, audio/amp, 驱动声明") in text(paper(run.out, "zh")[0])


def test_a_qualification_is_shown_with_what_it_does_not_say(
    every_verdict: Path, paper: Paper, tmp_path: Path, text: Text
) -> None:
    made = {"killed_own": 41, "killed_other": 1, "survived": 2, "infra_error": 0, "not_applicable": 3, "not_run": 0,
            "defects": [], "command": "./hil qualify", "vehicle": "gs4", "ended": "2026-02-01T00:00:00+00:00",
            "variants": {"ran": 20, "red": [{"seed": 3}]}, "edges": {"units": 42, "right": 40}}  # fmt: skip
    path = tmp_path / "qualification.json"
    path.write_text(json.dumps(made))
    shown = text(paper(every_verdict, qualification=path)[0])
    for line in ("Seeded defects that apply 44", "killed by their own requirement 41", "survived 2",
                 "run / cases not green 20 / 1", "judged right / all 40 / 42",
                 "The simulator's figure supports no claim about a real unit."):  # fmt: skip
        assert squeezed(line) in shown, line
    assert squeezed(words("en")["conf_none"]) in text(paper(every_verdict)[0])
    path.write_text("[]")
    with pytest.raises(BadInput, match="no qualification"):
        paper(every_verdict, qualification=path)


def test_a_character_the_font_lacks_is_told(run: Any, paper: Paper, text: Text) -> None:
    folder = run.case(
        "test_wakes", Verdict.FAIL, latency=0.3, reason="says 🚗 in a Škoda", title="Greets 喆\tin <b>\x07"
    )
    plot = (folder / "signals.json").read_text(encoding="utf-8").replace("press messaging", "press 🚌 of Škoda")
    (folder / "signals.json").write_text(plot, encoding="utf-8")
    finish(run.out, allure=False)
    reader, missing = paper(run.out)
    assert missing[-1].startswith("Characters the report's font lacks are shown as 〓: U+5586, U+1F68C, U+1F697")
    assert squeezed("says 〓 in a Škoda") in text(reader)
    assert squeezed("Greets 〓 in <b>") in text(reader)
    assert squeezed("press 〓 of Škoda") in text(reader)


def test_what_is_missing_may_have_any_name(every_verdict: Path, paper: Paper, tmp_path: Path) -> None:
    lab = tmp_path / "lab.yaml"
    lab.write_text("schema: 1\ninstruments: [{name: 喆}]\n", encoding="utf-8")
    _, missing = paper(every_verdict, "en", lab)
    assert "Instrument 〓: Calibrated (lab.yaml: instruments.0.calibrated)" in missing


def test_nothing_people_write_is_taken_for_markup(run: Any, paper: Paper, tmp_path: Path, text: Text) -> None:
    wild = '#panic("x") *a* _b_ $c$ `d` <e> @f [g] \\ // " $'
    run.case("test_wakes", Verdict.FAIL, latency=0.3, reason=wild)
    finish(run.out, allure=False)
    lab = tmp_path / "lab.yaml"
    lab.write_text("schema: 1\nlaboratory: {name: '" + wild.replace("'", "''") + "'}\n", encoding="utf-8")
    shown = text(paper(run.out, "en", lab)[0])
    assert shown.count(squeezed(wild)) >= 3


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_words_that_promise_too_much_are_not_ours(
    every_verdict: Path, full_lab: Path, paper: Paper, lang: str, text: Text
) -> None:
    shown = text(paper(every_verdict, lang, full_lab)[0]).lower()
    for promised in ("certified", "compliant", "认证合格", "符合标准"):
        assert promised not in shown

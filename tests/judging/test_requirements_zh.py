"""The requirements in Chinese: all there, the same figures, only characters the report's font has, one word for one
thing, and what a run keeps of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.judging.requirements import Catalogue, Requirement, load_requirements

ROOT = Path(__file__).parents[2]
COVERAGE = ROOT / "reports" / "templates" / "fonts" / "coverage.txt"
HAN = re.compile("[\u4e00-\u9fff]")
WORDS = {
    "two": "2", "three": "3", "five": "5", "a hundred": "100", "a minute": "1 min", "seconds": "s", "weeks": "wk",
    "周": "wk", "presses": "n", "wrong keys": "n", "次": "n",
}  # fmt: skip
FIGURE = re.compile(r"(?<![A-Za-z\d])(\d+(?:\.\d+)?) ?(ms|min|s|wk|n|%|km/h|mA|A|V|dB|ppm)(?![A-Za-z])")
NAME = re.compile(r"\b(?:KL\d+|base\d+|UTF-\d+|MOVING|PARKED)\b")
OTHERS = {
    "车机": "主机", "驾驶人": "驾驶员", "司机": "驾驶员", "帐号": "账号", "账户": "账号", "登出": "退出登录",
    "注销": "退出登录", "登陆": "登录", "扫描码": "登录二维码", "松开": "释放", "必须": "应", "不得": "不应",
    "停车状态": "驻车状态", "静音": "静默", "计时器": "计数器", "故障代码": "故障码", "界面控件": "控件",
}  # fmt: skip
"""Words that would be a second name for a thing, and its name."""


def figures(text: str) -> set[tuple[str, str]]:
    """Figures with their units, n for a count: "a minute at the latest" has (1, min), "90 % load" (90, %)."""
    for word, sign in WORDS.items():
        text = re.sub(rf"\b{word}\b" if word.isascii() else word, sign, text, flags=re.IGNORECASE)
    return {(number, unit) for number, unit in FIGURE.findall(text)}


def chinese(requirement: Requirement) -> tuple[str, str, str]:
    return requirement.title_zh, requirement.text_zh, requirement.rationale_zh


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_requirements(ROOT / "scenarios" / "requirements")


@pytest.fixture(scope="module")
def requirements(catalogue: Catalogue) -> list[Requirement]:
    return [catalogue[name] for name in catalogue]


def covered() -> Iterator[int]:
    for line in COVERAGE.read_text(encoding="ascii").split():
        first, last = (int(end, 16) for end in line.split("-"))
        yield from range(first, last + 1)


def test_every_requirement_is_written_in_chinese(requirements: list[Requirement]) -> None:
    assert len(requirements) == 65
    assert [r.id for r in requirements if not all(HAN.search(text) for text in chinese(r))] == []


def test_no_two_requirements_say_the_same(requirements: list[Requirement]) -> None:
    for texts in zip(*(chinese(r) for r in requirements), strict=True):
        assert len(set(texts)) == len(requirements)


def test_a_figure_with_its_unit_is_understood_in_both_languages() -> None:
    assert figures("Two seconds of silence, a minute at the latest") == {("2", "s"), ("1", "min")}
    assert figures("静默 2 s，最迟 1 min") == {("2", "s"), ("1", "min")}
    assert figures("cabin noise of 120 km/h and 90 % load") == {("120", "km/h"), ("90", "%")}
    assert figures("120 km/h 的噪声，90 %的负载") == {("120", "km/h"), ("90", "%")}
    assert figures("parked for three weeks") == figures("驻车 3 周") == {("3", "wk")}
    assert figures("a hundred presses") == figures("100 次按下") == {("100", "n")}
    assert figures("KL15, 2 s") == {("2", "s")}


@pytest.mark.parametrize("field", ["title", "text", "rationale"])
def test_both_languages_give_the_same_figures(requirements: list[Requirement], field: str) -> None:
    theirs = {r.id: figures(getattr(r, field)) for r in requirements}
    ours = {r.id: figures(getattr(r, f"{field}_zh")) for r in requirements}
    assert ours == theirs
    if field == "text":
        assert {name for name, found in theirs.items() if found} >= {"BTN-11", "DIA-03", "MSG-03", "MSG-11", "NET-03"}


def test_both_languages_name_the_same_terminals_states_and_codings(requirements: list[Requirement]) -> None:
    assert {r.id: set(NAME.findall(r.text_zh)) for r in requirements} == {
        r.id: set(NAME.findall(r.text)) for r in requirements
    }


def test_the_font_of_the_report_has_every_character(requirements: list[Requirement]) -> None:
    font = set(covered())
    lacking = {(r.id, c) for r in requirements for text in chinese(r) for c in text if ord(c) not in font}
    assert lacking == set()


def test_a_thing_has_one_name(requirements: list[Requirement]) -> None:
    found = {(r.id, word, OTHERS[word]) for r in requirements for text in chinese(r) for word in OTHERS if word in text}
    assert found == set()


def test_a_text_asks_and_ends_like_a_sentence(requirements: list[Requirement]) -> None:
    assert [r.id for r in requirements if "应" not in r.text_zh] == []
    assert [r.id for r in requirements if not (r.text_zh.endswith("。") and r.rationale_zh.endswith("。"))] == []
    assert [r.id for r in requirements if r.title_zh[-1] in "。；，"] == []


def test_a_run_keeps_the_chinese_beside_the_english(catalogue: Catalogue) -> None:
    told = catalogue["BTN-01"].told()
    assert list(told) == [
        "title", "text", "rationale", "title_zh", "text_zh", "rationale_zh", "version", "status",
    ]  # fmt: skip
    assert told["title"] == "A press wakes messaging"
    assert told["title_zh"] == catalogue["BTN-01"].title_zh


def test_chinese_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "aaa.yaml").write_text(
        "schema: 1\nrequirements:\n  AAA-01:\n    title: T\n    text: X\n    rationale: Y\n    text_zh: 应。\n"
        "    version: 1\n    status: draft\n",
        encoding="utf-8",
    )
    one = load_requirements(tmp_path)["AAA-01"]
    assert chinese(one) == ("", "应。", "")
    assert one.told() == {
        "title": "T", "text": "X", "rationale": "Y", "text_zh": "应。", "version": 1, "status": "draft",
    }  # fmt: skip

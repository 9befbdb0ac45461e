"""The words of the report: both languages complete, and every word that is asked for there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.evidence.paper.words import LANGUAGES, words
from harness.foundation.errors import BadInput
from harness.foundation.values import Verdict

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "reports" / "templates"
SILENT = {"page_end"}
"""Words that one of the languages has no use for."""


def test_both_languages_have_the_same_words_and_none_is_empty() -> None:
    chinese, english = words("zh"), words("en")
    assert list(chinese) == list(english)
    assert {key for key in chinese if not chinese[key] or not english[key]} <= SILENT


def test_both_languages_ask_for_the_same_figures() -> None:
    def asked(text: str) -> list[str]:
        return sorted(re.findall(r"\{\w+\}", text))

    chinese, english = words("zh"), words("en")
    assert {key: asked(chinese[key]) for key in chinese} == {key: asked(english[key]) for key in english}


def test_chinese_is_chinese_and_english_is_not() -> None:
    letters = {"from_lab", "c_NOT_APPLICABLE", "u_95 %", "l_part", "l_status", "l_line", "l_strip"}
    for key, word in words("zh").items():
        if key not in letters and not key.startswith("c_"):
            assert re.search("[\u4e00-\u9fff]", word), key
    assert not any(re.search("[\u4e00-\u9fff]", word) for word in words("en").values())


def test_every_word_the_template_or_the_code_asks_for_is_there() -> None:
    known = set(words("en"))
    template = "".join(
        p.read_text(encoding="utf-8") for p in [TEMPLATES / "report.typ", *TEMPLATES.glob("report/*.typ")]
    )
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "harness" / "evidence" / "paper").glob("*.py"))
    asked = set(re.findall(r"\bw\.(?!at\b)(\w+)", template))
    asked |= set(re.findall(r"""\bw(?:ords)?\[["'](\w+)["']\]""", code))
    assert len(asked) > 100
    assert asked <= known
    verdicts = {f"{prefix}{verdict}" for verdict in Verdict for prefix in ("", "m_", "c_")}
    assert verdicts <= known
    built = {f"f_{letter}" for letter in "abcdefghijklmnop"} | {
        k for k in known if k.startswith(("u_", "st_", "s_", "q_", "l_"))
    }
    loose = {k for k in known - asked - verdicts - built if f'"{k}"' not in code}
    assert loose == set(), "nobody asks for these"


def test_a_project_without_a_word_is_told_which(project: Path) -> None:
    own = project / "reports" / "templates" / "report"
    own.mkdir(parents=True)
    (own / "words.json").write_text('{"title": {"en": "Report"}}')
    assert words("en") == {"title": "Report"}
    with pytest.raises(BadInput, match=r"words\.json.*title.*has no word in 'zh'"):
        words("zh")
    (own / "words.json").write_text("{")
    with pytest.raises(BadInput, match="no table of words"):
        words("en")
    assert LANGUAGES == ("zh", "en")
